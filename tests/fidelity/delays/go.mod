module delays

go 1.19
