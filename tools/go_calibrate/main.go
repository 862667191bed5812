// Calibrate: what the steps of the scheduler cost on this machine, as a cost file for `gmpsim run --costs FILE`.
//
// Each figure is the smallest of many rounds: whoever disturbs makes a round slower, never faster. What cannot be seen
// alone is divided: a Gosched passes through gosched, schedule and execute, a hand-over on a channel through park, ready
// and the same switch. What a Go program cannot see of itself (steals, idle lists, sysmon) keeps its default.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"sync"
	"syscall"
	"time"
)

const rounds = 25

// cost is the smallest time of one of n operations, in ns.
func cost(n int, f func(n int)) float64 {
	best := time.Hour
	for r := 0; r < rounds; r++ {
		from := time.Now()
		f(n)
		if took := time.Since(from); took < best {
			best = took
		}
	}
	return float64(best) / float64(n)
}

func median(n int, f func() time.Duration) float64 {
	var all []time.Duration
	for i := 0; i < n; i++ {
		all = append(all, f())
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return float64(all[len(all)/2])
}

var sink int

type measurement struct {
	Name string
	Ns   float64
}

func main() {
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(-1)
	costs := map[string]int64{}
	var measured []measurement
	saw := func(name string, ns float64) float64 {
		measured = append(measured, measurement{name, ns})
		return ns
	}
	set := func(name string, ns float64) {
		if ns < 1 {
			ns = 1
		}
		costs[name] = int64(ns + 0.5)
	}

	gosched := saw("a yield between two goroutines", cost(20000, func(n int) {
		var both sync.WaitGroup
		both.Add(2)
		for g := 0; g < 2; g++ {
			go func() {
				for i := 0; i < n/2; i++ {
					runtime.Gosched()
				}
				both.Done()
			}()
		}
		both.Wait()
	}))
	set("schedule", gosched/3)
	set("execute", gosched/3)
	set("gosched", gosched/3)

	buffered := make(chan int, 1)
	channel := saw("a send or receive that does not block", cost(50000, func(n int) {
		for i := 0; i < n/2; i++ {
			buffered <- i
			<-buffered
		}
	}))
	set("chan", channel)

	handover := saw("a hand-over on an unbuffered channel", cost(20000, func(n int) {
		ping, pong := make(chan int), make(chan int)
		go func() {
			for v := range ping {
				pong <- v
			}
		}()
		for i := 0; i < n/2; i++ {
			ping <- i
			<-pong
		}
		close(ping)
	}))
	blocking := handover - 2*gosched/3 - channel
	set("park", blocking*30/55)
	set("ready", blocking*25/55)

	spawn := saw("go, run and end", cost(20000, func(n int) {
		for i := 0; i < n; i++ {
			go func() { sink++ }()
			runtime.Gosched()
		}
	})) - gosched
	set("go", spawn*80/110)
	set("exit", spawn*30/110)

	var a, b, c, d chan int
	two := saw("a select of two cases, none ready", cost(50000, func(n int) {
		for i := 0; i < n; i++ {
			select {
			case v := <-a:
				sink += v
			case v := <-buffered:
				sink += v
			default:
			}
		}
	}))
	six := saw("a select of six cases, none ready", cost(50000, func(n int) {
		e, f := buffered, make(chan int, 1)
		for i := 0; i < n; i++ {
			select {
			case v := <-a:
				sink += v
			case v := <-b:
				sink += v
			case v := <-c:
				sink += v
			case v := <-d:
				sink += v
			case v := <-e:
				sink += v
			case v := <-f:
				sink += v
			default:
			}
		}
	}))
	set("select_case", (six-two)/4)
	set("select", two-(six-two)/2)

	var mu sync.Mutex
	set("mutex", saw("Mutex.Lock and Unlock", cost(100000, func(n int) {
		for i := 0; i < n; i++ {
			mu.Lock()
			sink++
			mu.Unlock()
		}
	}))/2)
	var rw sync.RWMutex
	set("rwmutex", saw("RLock and RUnlock", cost(100000, func(n int) {
		for i := 0; i < n; i++ {
			rw.RLock()
			sink++
			rw.RUnlock()
		}
	}))/2)
	var group sync.WaitGroup
	set("wait_group", saw("WaitGroup.Add and Done", cost(100000, func(n int) {
		for i := 0; i < n; i++ {
			group.Add(1)
			group.Done()
		}
	}))/2)
	signalled := sync.NewCond(&mu)
	set("cond", saw("Cond.Signal without a waiter", cost(100000, func(n int) {
		for i := 0; i < n; i++ {
			signalled.Signal()
		}
	})))
	var once sync.Once
	set("once", saw("Once.Do after the first", cost(100000, func(n int) {
		for i := 0; i < n; i++ {
			once.Do(func() { sink++ })
		}
	})))
	set("context", saw("WithCancel and cancel", cost(5000, func(n int) {
		for i := 0; i < n; i++ {
			_, cancel := context.WithCancel(context.Background())
			cancel()
		}
	}))/2)
	timer := time.AfterFunc(time.Hour, func() {})
	set("timer_set", saw("Timer.Reset", cost(20000, func(n int) {
		for i := 0; i < n; i++ {
			timer.Reset(time.Hour)
		}
	})))
	timer.Stop()
	call := saw("a trivial system call", cost(20000, func(n int) {
		for i := 0; i < n; i++ {
			_, _, _ = syscall.Syscall(syscall.SYS_GETPPID, 0, 0, 0)
		}
	}))
	set("syscall_enter", call/2)
	set("syscall_exit", call/2)

	nap := func(d time.Duration) float64 {
		return saw("a kernel sleep of "+d.String(), median(41, func() time.Duration {
			t := syscall.NsecToTimespec(int64(d))
			from := time.Now()
			_ = syscall.Nanosleep(&t, nil)
			return time.Since(from)
		}))
	}
	short, long := nap(50*time.Microsecond), nap(10*time.Millisecond)
	set("kernel_sleep_slack", short-50e3)
	permille := (long - 10e6 - (short - 50e3)) / 10e3
	set("kernel_sleep_permille", permille)

	// Two threads that wake one another: each hand-over is a wake-up, and the thread that woke parks.
	runtime.GOMAXPROCS(2)
	wake := saw("a hand-over between two threads", cost(2000, func(n int) {
		ping, pong := make(chan int), make(chan int)
		go func() {
			runtime.LockOSThread()
			for v := range ping {
				pong <- v
			}
		}()
		runtime.LockOSThread()
		for i := 0; i < n/2; i++ {
			ping <- i
			<-pong
		}
		runtime.UnlockOSThread()
		close(ping)
	}))
	set("wake_latency", wake-1500-blocking)

	write(measured, costs)
}

func write(measured []measurement, costs map[string]int64) {
	names := make([]string, 0, len(costs))
	for name := range costs {
		names = append(names, name)
	}
	sort.Strings(names)
	quoted := func(v interface{}) string { text, _ := json.Marshal(v); return string(text) }
	fmt.Printf("{\n  \"apiVersion\": \"gmpsim/v1\",\n  \"kind\": \"Costs\",\n  \"go\": %s,\n  \"platform\": %s,\n  \"measured\": {",
		quoted(runtime.Version()), quoted(runtime.GOOS+"/"+runtime.GOARCH))
	for i, m := range measured {
		fmt.Printf("%s\n    %s: %s", map[bool]string{true: ","}[i > 0], quoted(m.Name), quoted(fmt.Sprintf("%.0fns", m.Ns)))
	}
	fmt.Print("\n  },\n  \"costs\": {")
	for i, name := range names {
		value := quoted(fmt.Sprintf("%dns", costs[name]))
		if name == "kernel_sleep_permille" {
			value = fmt.Sprint(costs[name])
		}
		fmt.Printf("%s\n    %s: %s", map[bool]string{true: ","}[i > 0], quoted(name), value)
	}
	fmt.Print("\n  }\n}\n")
	os.Exit(0)
}
