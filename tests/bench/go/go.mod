module gmpsim/bench

go 1.19
