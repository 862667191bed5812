package main

// either is c ? a() : b().
func either[T any](c bool, a, b func() T) T {
	if c {
		return a()
	}
	return b()
}
