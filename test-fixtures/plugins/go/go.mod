module double

go 1.20
