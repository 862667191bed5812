package main

import (
	"sync"
	"time"
)

// nameOf is the name of a declared resource, or the kind of what the program made.
func nameOf(reference interface{}) named {
	if name, declared := references()[reference]; declared {
		return named(name)
	}
	switch reference.(type) {
	case *sync.Mutex:
		return "mutex"
	case *sync.RWMutex:
		return "rwmutex"
	case *sync.WaitGroup:
		return "waitgroup"
	case *sync.Cond:
		return "cond"
	case *sync.Once:
		return "once"
	case *time.Timer:
		return "timer"
	case *time.Ticker:
		return "ticker"
	}
	return "chan"
}
