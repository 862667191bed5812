// The yardstick: what the real Go runtime of this machine needs for the work that core_bench.cpp simulates.
//
// Everything runs on one P, as the simulated programs do, so that a figure is the cost of the operation and not of moving
// between processors. One JSON line a measure: nanoseconds of wall time each, or bytes each.
//
//	go run . [-scale 0.01]
package main

import (
	"encoding/json"
	"flag"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"
)

var scale = flag.Float64("scale", 1, "share of the full number of repetitions")

func times(n int) int {
	if n = int(float64(n) * *scale); n < 10 {
		n = 10
	}
	return n
}

type line struct {
	Measure string  `json:"measure"`
	Form    string  `json:"form"`
	Ns      float64 `json:"ns"`
	Bytes   float64 `json:"bytes,omitempty"`
	N       int     `json:"n"`
	Version string  `json:"version"`
}

func report(l line) {
	l.Form, l.Version = "go", runtime.Version()
	if err := json.NewEncoder(os.Stdout).Encode(l); err != nil {
		os.Exit(1)
	}
}

// measure runs f, which does its work n times, after one short round to warm up.
func measure(name string, n int, f func(n int)) {
	f(n/10 + 1)
	runtime.GC()
	start := time.Now()
	f(n)
	report(line{Measure: name, Ns: float64(time.Since(start).Nanoseconds()) / float64(n), N: n})
}

// together runs n goroutines and waits for all of them.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	wg.Add(n)
	for i := 0; i < n; i++ {
		go func(i int) {
			defer wg.Done()
			f(i)
		}(i)
	}
	wg.Wait()
}

func yield(n int) { // two goroutines take turns
	together(2, func(int) {
		for i := 0; i < n/2; i++ {
			runtime.Gosched()
		}
	})
}

func unbuffered(n int) { // one there, one back
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v
		}
		close(pong)
	}()
	for i := 0; i < n; i++ {
		ping <- i
		<-pong
	}
	close(ping)
	<-pong
}

func buffered(n int) { // a producer and a consumer over 100 slots: one element each
	c := make(chan int, 100)
	together(2, func(i int) {
		if i == 0 {
			for k := 0; k < n; k++ {
				c <- k
			}
			close(c)
		} else {
			for range c {
			}
		}
	})
}

func spawn(n int) { // a hundred at a time are born, run and end
	for i := 0; i < n/100; i++ {
		together(100, func(int) {})
	}
}

func mutex(n int) { // whoever holds it lets the other run into it: each acquisition is a hand-over
	var mu sync.Mutex
	together(2, func(int) {
		for i := 0; i < n/2; i++ {
			mu.Lock()
			runtime.Gosched()
			mu.Unlock()
		}
	})
}

func sleep(n int) { // a thousand goroutines sleep for a microsecond: some timer is always due
	together(1000, func(int) {
		for i := 0; i < n/1000; i++ {
			time.Sleep(time.Microsecond)
		}
	})
}

// resident is the memory of this process in bytes.
func resident() float64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _ := strconv.Atoi(strings.Fields(string(text))[1])
	return float64(pages * os.Getpagesize())
}

func parked(n int) { // n goroutines wait for ever on one channel
	debug.FreeOSMemory()
	before := resident()
	c := make(chan struct{})
	start := time.Now()
	for i := 0; i < n; i++ {
		go func() { <-c }()
	}
	runtime.Gosched() // lets them all run into the channel
	elapsed := time.Since(start)
	report(line{Measure: "parked", Ns: float64(elapsed.Nanoseconds()) / float64(n), Bytes: (resident() - before) / float64(n), N: n})
	close(c)
}

func main() {
	flag.Parse()
	runtime.GOMAXPROCS(1)
	measure("yield", times(10_000_000), yield)
	measure("unbuffered", times(2_000_000), unbuffered)
	measure("buffered", times(5_000_000), buffered)
	measure("spawn", times(2_000_000), spawn)
	measure("mutex", times(2_000_000), mutex)
	measure("sleep", times(1_000_000)/1000*1000+1000, sleep)
	parked(times(1_000_000))
}
