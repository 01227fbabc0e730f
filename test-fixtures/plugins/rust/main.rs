mod json;

use json::Json;
use std::io::{stdin, stdout, BufRead, Write};

fn main() {
    let mut input = stdin().lock();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        match json::parse(&line) {
            Some(frame) => serve(&frame),
            None => eprintln!("a line that cannot be read ends nothing"),
        }
        line.clear();
    }
}

fn serve(frame: &Json) {
    if let Some(Json::Number(id)) = frame.get("id") {
        let frame = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},{}}}\n", answer_to(frame));
        let sent = stdout().write_all(frame.as_bytes()).and_then(|()| stdout().flush());
        sent.unwrap_or_else(|error| eprintln!("the host is gone: {error}")); // its end of stdin says so as well
    }
}

fn answer_to(frame: &Json) -> String {
    let params = frame.get("params").unwrap_or(&Json::Null);
    match frame.get("method").and_then(Json::text) {
        Some("initialize") if speaks_version_1(params) => r#""result":{"protocol_version":1,"plugin":{"name":"double"}}"#.into(),
        Some("initialize") => refusal(1011, "this plugin speaks version 1", r#"{"kind":"version_mismatch","supported":[1]}"#),
        Some("describe") => r#""result":{"steps":[{"name":"double"}]}"#.into(),
        Some("execute") => execute(params),
        _ => refusal(-32601, "there is no such method", r#"{"kind":"method_not_found"}"#),
    }
}

fn execute(params: &Json) -> String {
    if params.get("step").and_then(Json::text) != Some("double") {
        return refusal(1001, "there is no such step", r#"{"kind":"invalid_params"}"#);
    }
    match params.get("context").and_then(|context| context.get("full")?.get("value")) {
        Some(Json::Number(value)) => {
            let doubled = value * 2.0; // with {:?}, which writes 1e300 and not three hundred digits
            format!(r#""result":{{"success":true,"patch":[{{"op":"add","path":"/doubled","value":{doubled:?}}}]}}"#)
        }
        _ => r#""result":{"success":false,"error":"value must be a number"}"#.into(),
    }
}

fn speaks_version_1(params: &Json) -> bool {
    matches!(params.get("protocol_versions"), Some(Json::List(versions)) if versions.contains(&Json::Number(1.0)))
}

fn refusal(code: i32, message: &str, data: &str) -> String {
    format!(r#""error":{{"code":{code},"message":"{message}","data":{data}}}"#)
}
