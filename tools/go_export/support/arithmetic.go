package main

import "math"

func add(a, b int64) int64 {
	if c := a + b; (c > a) == (b > 0) {
		return c
	}
	fail("%d + %d is beyond 64 bits", a, b)
	return 0
}

func sub(a, b int64) int64 {
	if c := a - b; (c < a) == (b > 0) {
		return c
	}
	fail("%d - %d is beyond 64 bits", a, b)
	return 0
}

func mul(a, b int64) int64 {
	if a == 0 || b == 0 {
		return 0
	}
	c := a * b
	if c/b == a && !(a == -1 && b == math.MinInt64) && !(b == -1 && a == math.MinInt64) {
		return c
	}
	fail("%d * %d is beyond 64 bits", a, b)
	return 0
}

func div(a, b int64) int64 {
	if b == 0 {
		fail("division by zero")
	}
	if b == -1 {
		return sub(0, a)
	}
	return a / b
}

func mod(a, b int64) int64 {
	if b == 0 {
		fail("division by zero")
	}
	if b == -1 {
		return 0
	}
	return a % b
}

func smaller(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func larger(a, b int64) int64 {
	if a > b {
		return a
	}
	return b
}
