package main

// failure is a panic of the scenario: its message, and the value that a try gets.
type failure struct {
	message string
	value   interface{}
}

func (f failure) Error() string { return f.message }

// attempt holds a panic of f. Goexit and fatal errors are not held.
func attempt(f func()) (value interface{}, panicked bool) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		panicked = true
		if held, ours := r.(failure); ours {
			value = held.value
		}
	}()
	f()
	return nil, false
}

// valueOf is what a panic carried; nothing when it was the runtime's own.
func valueOf[T any](carried interface{}) T {
	v, _ := carried.(T)
	return v
}
