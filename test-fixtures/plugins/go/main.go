package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type object = map[string]any

type request struct {
	ID     *int64 `json:"id"`
	Method string `json:"method"`
	Params struct {
		Versions []int  `json:"protocol_versions"`
		Step     string `json:"step"`
		Context  struct {
			Full map[string]any `json:"full"`
		} `json:"context"`
	} `json:"params"`
}

func main() {
	wire := os.Stdout
	os.Stdout = os.Stderr               // what is printed goes to stderr, so that stdout holds frames only
	reader := bufio.NewReader(os.Stdin) // no Scanner: that gives up at 64 KiB
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil {
			return // the host is gone
		}
		var request request
		if err := json.Unmarshal(line, &request); err != nil {
			fmt.Fprintln(os.Stderr, err) // a line that cannot be read ends nothing
		} else if request.ID != nil {
			answer := answerTo(request)
			answer["jsonrpc"], answer["id"] = "2.0", request.ID
			frame, _ := json.Marshal(answer) // cannot fail: what is in it came from JSON
			wire.Write(append(frame, '\n'))
		}
	}
}

func answerTo(request request) object {
	switch request.Method {
	case "initialize":
		for _, version := range request.Params.Versions {
			if version == 1 {
				return object{"result": object{"protocol_version": 1, "plugin": object{"name": "double"}}}
			}
		}
		return refusal(1011, "this plugin speaks version 1", object{"kind": "version_mismatch", "supported": []int{1}})
	case "describe":
		return object{"result": object{"steps": []object{{"name": "double"}}}}
	case "execute":
		return execute(request)
	}
	return refusal(-32601, "there is no method "+request.Method, object{"kind": "method_not_found"})
}

func execute(request request) object {
	if request.Params.Step != "double" {
		return refusal(1001, "there is no step "+request.Params.Step, object{"kind": "invalid_params"})
	}
	value, ok := request.Params.Context.Full["value"].(float64)
	if !ok {
		return object{"result": object{"success": false, "error": "value must be a number"}}
	}
	change := object{"op": "add", "path": "/doubled", "value": value * 2}
	return object{"result": object{"success": true, "patch": []object{change}}}
}

func refusal(code int, message string, data object) object {
	return object{"error": object{"code": code, "message": message, "data": data}}
}
