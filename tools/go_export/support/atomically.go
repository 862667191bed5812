package main

import (
	"runtime"
	"sync/atomic"
)

var storing int32

// atomically stores into shared variables while nobody else does. It never parks a goroutine.
func atomically(store func()) {
	for !atomic.CompareAndSwapInt32(&storing, 0, 1) {
		runtime.Gosched()
	}
	store()
	atomic.StoreInt32(&storing, 0)
}
