package main

import "time"

// computing is how many rounds of work take a second here.
var perSecond = calibrated()

var work uint64

// rounds computes without a call inside, so only a signal can stop it.
//
//go:noinline
func rounds(n int64) {
	x := work
	for i := int64(0); i < n; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x<<17 + 1
	}
	if x == 0 {
		work = x
	}
}

// calibrated measures the fastest of several tries: whoever disturbs makes it slower only.
func calibrated() int64 {
	const n = 200000
	fastest := time.Hour
	for try := 0; try < 9; try++ {
		from := time.Now()
		rounds(n)
		if took := time.Since(from); took < fastest {
			fastest = took
		}
	}
	return n * int64(time.Second) / int64(fastest)
}

// compute takes so much CPU time of this goroutine, with calls all along: safe points of cooperative preemption.
func compute(d time.Duration) {
	const step = 200
	n := int64(d/time.Second)*perSecond + int64(d%time.Second)*(perSecond/1000)/int64(time.Millisecond)
	for ; n > step; n -= step {
		rounds(step)
	}
	rounds(n)
}

// spin takes so much CPU time in one loop without calls.
func spin(d time.Duration) {
	rounds(int64(d/time.Second)*perSecond + int64(d%time.Second)*(perSecond/1000)/int64(time.Millisecond))
}

// spinForever is a loop without calls that never ends.
func spinForever() {
	for {
	}
}
