// Command delays measures delays that Go's scheduling rules fix, on the runtime it was built with, and runs the same as
// scenarios through gmpsim. It prints a table: model, real, ratio.
//
//	go build -o delays . && ./delays -gmpsim ../../../build/release/gmpsim
//
// For figures that a loaded machine disturbs little, run it under the real-time class (chrt -r 10 ./delays -rt …): then a
// woken thread gets a core at once and timers have no slack; -rt tells the model the same.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const samples = 15

// A delay: how it is provoked for real. The scenario of the same name does the same in the model.
type delay struct {
	name  string
	what  string
	procs int
	once  func() time.Duration
}

var stop int32

// hog computes until stop is set; it calls nothing, so that only a signal can stop it before.
func hog() {
	for atomic.LoadInt32(&stop) == 0 {
	}
}

// behind starts n hogs and measures what f says while they run.
func behind(n int, f func() time.Duration) time.Duration {
	var wg sync.WaitGroup
	atomic.StoreInt32(&stop, 0)
	for i := 0; i < n; i++ {
		wg.Add(1)
		go func() { hog(); wg.Done() }()
	}
	d := f()
	atomic.StoreInt32(&stop, 1)
	wg.Wait()
	return d
}

func yieldFor() time.Duration {
	t := time.Now()
	runtime.Gosched()
	return time.Since(t)
}

func nanosleep(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&t, nil)
}

func compute(d time.Duration) {
	for t := time.Now(); time.Since(t) < d; {
	}
}

var delays = []delay{
	{"loops-1", "yield behind 1 tight loop, one P", 1, func() time.Duration { return behind(1, yieldFor) }},
	{"loops-3", "yield behind 3 tight loops, one P", 1, func() time.Duration { return behind(3, yieldFor) }},
	{"loops-6", "yield behind 6 tight loops, one P", 1, func() time.Duration { return behind(6, yieldFor) }},
	{"timer", "a timer of 1 ms that is due behind a tight loop, one P: its lateness", 1, func() time.Duration {
		return behind(1, func() time.Duration {
			t := time.Now()
			time.Sleep(time.Millisecond)
			return time.Since(t) - time.Millisecond
		})
	}},
	{"syscall-return", "return from a call of 25 ms to a P that computes, one P: the time beyond 25 ms", 1, func() time.Duration {
		return behind(1, func() time.Duration {
			t := time.Now()
			nanosleep(25 * time.Millisecond)
			return time.Since(t) - 25*time.Millisecond
		})
	}},
	{"syscall-handoff", "a goroutine behind one that enters a call of 20 ms, one P", 1, func() time.Duration {
		began := make(chan time.Time, 1)
		t := time.Now()
		go func() { began <- time.Now() }()
		nanosleep(20 * time.Millisecond)
		return (<-began).Sub(t)
	}},
	{"mutex-hog", "Lock against one that holds for 3 ms and takes it again at once, two Ps", 2, func() time.Duration {
		var mu sync.Mutex
		done := make(chan bool)
		go func() {
			for i := 0; i < 10; i++ {
				mu.Lock()
				compute(3 * time.Millisecond)
				mu.Unlock()
			}
			close(done)
		}()
		time.Sleep(time.Millisecond)
		t := time.Now()
		mu.Lock()
		d := time.Since(t)
		mu.Unlock()
		<-done
		return d
	}},
	{"spread", "a new goroutine while its creator computes, two Ps", 2, func() time.Duration {
		began := make(chan time.Time, 1)
		t := time.Now()
		go func() { began <- time.Now() }()
		compute(2 * time.Millisecond)
		return (<-began).Sub(t)
	}},
}

func quantile(all []time.Duration, permille int) time.Duration {
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all[(len(all)-1)*permille/1000]
}

// real measures d on this runtime.
func (d delay) real() []time.Duration {
	runtime.GOMAXPROCS(d.procs)
	var all []time.Duration
	for i := 0; i < samples; i++ {
		time.Sleep(15 * time.Millisecond)
		all = append(all, d.once())
	}
	return all
}

// model runs the scenario of d under the preset and reads what it logged.
func (d delay) model(gmpsim, scenarios, preset string, rt bool) ([]time.Duration, error) {
	args := []string{"run", scenarios + "/" + d.name + ".json", "--policy", preset, "--trace", "/dev/stdout", "--force", "--format", "csv", "-q", "--exit-zero"}
	if rt {
		for _, cost := range []string{"kernel_sleep_slack=19us", "wake_latency=30us", "thread_clone=30us", "thread_create=90us"} {
			kv := strings.SplitN(cost, "=", 2)
			args = append(args, "--set", "/runtime/overrides/"+kv[0]+"="+kv[1])
		}
	}
	out, err := exec.Command(gmpsim, args...).Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %v", gmpsim, strings.Join(args, " "), err)
	}
	var all []time.Duration
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Kind  string
			Label string
			Value int64
		}
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Kind == "log" && line.Label == "delay" {
			all = append(all, time.Duration(line.Value))
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s logged no delay", d.name)
	}
	return all, nil
}

func main() {
	gmpsim := flag.String("gmpsim", "gmpsim", "the simulator")
	scenarios := flag.String("scenarios", ".", "folder of the scenarios")
	preset := flag.String("preset", "", "preset of the model (default: that of this runtime)")
	rt := flag.Bool("rt", false, "this runs in the real-time class: no timer slack")
	flag.Parse()
	if *preset == "" {
		*preset = strings.Join(strings.Split(runtime.Version(), ".")[:2], ".")
	}
	debug.SetGCPercent(-1)
	fmt.Printf("| What | Model %s [us] | P10 … P90 | Real %s [us] | P10 … P90 | Model / real |\n|---|---|---|---|---|---|\n", *preset, runtime.Version())
	for _, d := range delays {
		model, err := d.model(*gmpsim, *scenarios, *preset, *rt)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		real := d.real()
		us := func(d time.Duration) string { return fmt.Sprintf("%.0f", float64(d)/1000) }
		m, r := quantile(model, 500), quantile(real, 500)
		fmt.Printf("| %s | %s | %s … %s | %s | %s … %s | %.2f |\n", d.what, us(m), us(quantile(model, 100)), us(quantile(model, 900)), us(r), us(quantile(real, 100)), us(quantile(real, 900)), float64(m)/float64(r))
	}
}
