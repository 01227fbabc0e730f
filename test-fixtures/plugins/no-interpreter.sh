#!/no/such/interpreter
echo hello
