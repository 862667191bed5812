package main

// The scheduling class of what is recorded with times: round-robin real time, so that a woken thread gets a processor at
// once and timers have no slack. Where this user may not have it, the ordinary class (times then spread more).

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"runtime"
	"sort"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

const (
	ordinary   = 0
	roundRobin = 2
)

func setClass(class uintptr, priority int32) bool {
	_, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_SETSCHEDULER, 0, class, uintptr(unsafe.Pointer(&priority)))
	return errno == 0
}

// startExactly starts a child whose threads are all of that class: it inherits that of the thread that forks.
func startExactly(cmd *exec.Cmd, style string) error {
	if style == "order" {
		return cmd.Start()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if setClass(roundRobin, 1) {
		defer setClass(ordinary, 0)
	}
	return cmd.Start()
}

// sleeps: how long a kernel sleep of so many microseconds takes, in microseconds.
type sleeps map[int]int

// MarshalJSON writes them in order of length.
func (s sleeps) MarshalJSON() ([]byte, error) {
	var keys []int
	for k := range s {
		keys = append(keys, k)
	}
	sort.Ints(keys)
	out := []byte("{")
	for i, k := range keys {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, strconv.Quote(strconv.Itoa(k))+":"+strconv.Itoa(s[k])...)
	}
	return append(out, '}'), nil
}

// UnmarshalJSON reads them.
func (s *sleeps) UnmarshalJSON(text []byte) error {
	var m map[int]int
	err := json.Unmarshal(text, &m)
	*s = m
	return err
}

// measureClass says which class was used and what sleeps cost in it: medians.
func measureClass() (string, sleeps) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	name := "SCHED_OTHER"
	if setClass(roundRobin, 1) {
		name = "SCHED_RR"
		defer setClass(ordinary, 0)
	}
	result := sleeps{}
	for _, us := range []int{20, 80, 640, 2560, 10000} {
		var took []int
		for i := 0; i < 21; i++ {
			t := syscall.NsecToTimespec(int64(us) * 1000)
			from := time.Now()
			_ = syscall.Nanosleep(&t, nil)
			took = append(took, int(time.Since(from)/time.Microsecond))
		}
		sort.Ints(took)
		result[us] = took[len(took)/2]
	}
	return fmt.Sprintf("%s on %d CPUs", name, runtime.NumCPU()), result
}
