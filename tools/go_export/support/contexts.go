package main

import (
	"context"
	"time"
)

// scope is a context with the function that cancels it.
type scope struct {
	context.Context
	cancel func()
}

// newScope makes a context; without a parent below Background, with a negative time without a deadline.
func newScope(parent *scope, timeout time.Duration) *scope {
	above := context.Background()
	if parent != nil {
		above = parent
	}
	s := &scope{}
	if timeout < 0 {
		s.Context, s.cancel = context.WithCancel(above)
	} else {
		s.Context, s.cancel = context.WithTimeout(above, timeout)
	}
	return s
}

// errOf is 0 for a context that goes on, 1 when it was cancelled, 2 when its deadline has passed.
func errOf(s *scope) int64 {
	switch s.Err() {
	case nil:
		return 0
	case context.DeadlineExceeded:
		return 2
	}
	return 1
}
