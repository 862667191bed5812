package main

// The child: one program, once.

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// The shared file: number of events, padding, the events (goroutine and step as 32 bits, value and time as 64), and at
// idsAt the runtime's own number of each goroutine, by which the crash dump names it.
const (
	logEvents     = 1 << 16
	eventBytes    = 24
	idsAt         = 16 + eventBytes*logEvents
	maxGoroutines = 1 << 12
	logBytes      = idsAt + 8*maxGoroutines
)

type event struct {
	goroutine, step uint32
	value           int64
	at              int64 // ns since the program began, in the styles with times
}

type cond struct {
	mu sync.Mutex
	c  *sync.Cond
}

type world struct {
	count     *uint64
	events    *[logEvents]event
	ids       *[maxGoroutines]uint64
	bodies    [][]operation
	chans     []chan int
	mutexes   []sync.Mutex
	rwmutexes []sync.RWMutex
	wgs       []sync.WaitGroup
	conds     []cond
	onces     []sync.Once
	timers    []*time.Timer
	next      int32
	timed     bool
	begin     time.Time
}

// operation is an Op with its numbers taken out, so that running it parses nothing.
type operation struct {
	verb       string
	a, b, c    int
	cases      []selectCase
	hasDefault bool
	recovered  bool
}

type selectCase struct {
	send bool
	c    int
}

func number(v interface{}) int { return int(v.(float64)) }

func parse(op Op) operation {
	o := operation{verb: op[0].(string)}
	if o.verb == "try" {
		inner := parse(Op(op[1].([]interface{})))
		inner.recovered = true
		return inner
	}
	if o.verb == "select" {
		for _, k := range op[1].([]interface{}) {
			pair := k.([]interface{})
			o.cases = append(o.cases, selectCase{pair[0].(string) == "send", number(pair[1])})
		}
		o.hasDefault = op[2].(bool)
		return o
	}
	for i, to := range []*int{&o.a, &o.b, &o.c} {
		if i+1 < len(op) {
			*to = number(op[i+1])
		}
	}
	return o
}

func child(path, text, style string) {
	var p Program
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	raw := mapped(path)
	w := &world{
		count:     (*uint64)(unsafe.Pointer(&raw[0])),
		events:    (*[logEvents]event)(unsafe.Pointer(&raw[16])),
		ids:       (*[maxGoroutines]uint64)(unsafe.Pointer(&raw[idsAt])),
		mutexes:   make([]sync.Mutex, p.Mutexes),
		rwmutexes: make([]sync.RWMutex, p.RWMutexes),
		wgs:       make([]sync.WaitGroup, p.WGs),
		conds:     make([]cond, p.Conds),
		onces:     make([]sync.Once, p.Onces),
		timers:    make([]*time.Timer, p.Timers),
	}
	for _, capacity := range p.Chans {
		w.chans = append(w.chans, make(chan int, capacity))
	}
	for i := range w.conds {
		w.conds[i].c = sync.NewCond(&w.conds[i].mu)
	}
	for _, body := range p.Bodies {
		var ops []operation
		for _, op := range body {
			ops = append(ops, parse(op))
		}
		w.bodies = append(w.bodies, ops)
	}
	time.Sleep(2 * time.Millisecond)
	if style == "order" {
		startAtTick4()
	} else {
		w.timed = true
		warmUp()
		w.begin = time.Now()
	}
	w.run(0, 0)
	select {}
}

// warmUp brings sysmon into a known state: a blocking call of 40 ms, whose return takes the idle P and wakes sysmon from
// its deep sleep; a yield, which begins a new slice; half a millisecond of computing, in which sysmon sees that slice.
func warmUp() {
	startAtTick4()
	t := syscall.NsecToTimespec(40e6)
	_ = syscall.Nanosleep(&t, nil)
	runtime.Gosched()
	compute(500 * time.Microsecond)
}

// mapped maps the log. With raw system calls: a descriptor opened with package os would be in the poller, and during an
// ordinary call sysmon may take the P, which costs a tick of the scheduler.
func mapped(path string) []byte {
	name, err := syscall.BytePtrFromString(path)
	if err != nil {
		fail("%v", err)
	}
	at := -100 // AT_FDCWD
	fd, _, errno := syscall.RawSyscall6(syscall.SYS_OPENAT, uintptr(at), uintptr(unsafe.Pointer(name)), syscall.O_RDWR, 0, 0, 0)
	if errno != 0 {
		fail("%s: %v", path, errno)
	}
	base, _, errno := syscall.RawSyscall6(syscall.SYS_MMAP, 0, logBytes, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED|syscall.MAP_POPULATE, fd, 0)
	if errno != 0 {
		fail("%s: %v", path, errno)
	}
	return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&base))), logBytes)
}

// startAtTick4 brings the P's schedtick to 4 modulo 61, which is what it is at main.main unless a system call of the
// start-up was slow enough for sysmon to take the P (each such case adds one). Every 61st tick the scheduler looks at the
// global queue first, so the phase is part of what a program does.
//
// Main starts helpers and yields: they are in the local queue, main is in the global one. Of the helpers the last runs
// first, out of runnext and without a tick, the others count the tick up until it is 0 modulo 61 and main is fetched;
// that makes it 1. From there every helper that runs and every return of main adds one.
func startAtTick4() {
	ran, tick := 0, 1
	const helpers = 64
	for i := 0; i < helpers; i++ {
		go func() { ran++ }()
	}
	runtime.Gosched()
	before := ran
	for ran < helpers {
		runtime.Gosched()
		tick++
	}
	for tick += helpers - before; tick%61 != 4; tick++ {
		runtime.Gosched()
	}
}

// goid is the runtime's number of this goroutine, from the first line of its stack.
func goid() uint64 {
	var buf [32]byte
	n := runtime.Stack(buf[:], false)
	id := uint64(0)
	for _, c := range buf[len("goroutine "):n] {
		if c < '0' || c > '9' {
			break
		}
		id = id*10 + uint64(c-'0')
	}
	return id
}

func (w *world) log(self, step, value int) {
	at := atomic.AddUint64(w.count, 1) - 1
	if at < logEvents {
		e := event{uint32(self), uint32(step), int64(value), 0}
		if w.timed {
			e.at = int64(time.Since(w.begin))
		}
		w.events[at] = e
	}
}

func (w *world) run(self, body int) {
	if self < maxGoroutines {
		w.ids[self] = goid()
	}
	ops := w.bodies[body]
	for step := range ops {
		op := &ops[step]
		if op.verb == "goexit" {
			w.log(self, step, 0)
			runtime.Goexit()
		}
		if op.recovered {
			w.log(self, step, w.try(self, step, op))
		} else {
			w.log(self, step, w.do(self, step, op))
		}
	}
}

func (w *world) try(self, step int, op *operation) (value int) {
	defer func() {
		if recover() != nil {
			value = -3
		}
	}()
	return w.do(self, step, op)
}

func (w *world) do(self, step int, op *operation) int {
	switch op.verb {
	case "go":
		child := int(atomic.AddInt32(&w.next, 1))
		go w.run(child, op.a)
		return child
	case "send":
		w.chans[op.a] <- self*100 + step
	case "recv":
		v, ok := <-w.chans[op.a]
		if !ok {
			return -1
		}
		return v
	case "close":
		close(w.chans[op.a])
	case "lock":
		w.mutexes[op.a].Lock()
	case "unlock":
		w.mutexes[op.a].Unlock()
	case "trylock":
		if w.mutexes[op.a].TryLock() {
			return 1
		}
	case "rlock":
		w.rwmutexes[op.a].RLock()
	case "runlock":
		w.rwmutexes[op.a].RUnlock()
	case "wlock":
		w.rwmutexes[op.a].Lock()
	case "wunlock":
		w.rwmutexes[op.a].Unlock()
	case "add":
		w.wgs[op.a].Add(op.b)
	case "done":
		w.wgs[op.a].Done()
	case "wait":
		w.wgs[op.a].Wait()
	case "cwait":
		c := &w.conds[op.a]
		c.mu.Lock()
		c.c.Wait()
		c.mu.Unlock()
	case "signal":
		w.conds[op.a].c.Signal()
	case "broadcast":
		w.conds[op.a].c.Broadcast()
	case "gosched":
		runtime.Gosched()
	case "sleep":
		time.Sleep(time.Duration(op.a) * time.Millisecond)
	case "select":
		return w.choose(self*100+step, op)
	case "range":
		n := 0
		for range w.chans[op.a] {
			n++
		}
		return n
	case "pump":
		last := 0
		for i := 0; i < op.a; i++ {
			v, ok := <-w.chans[op.b]
			if !ok {
				return -1
			}
			last = v
			w.chans[op.c] <- v + 1
		}
		return last
	case "len":
		return len(w.chans[op.a])
	case "nilrecv":
		var c chan int
		<-c
	case "once":
		ran := 0
		w.onces[op.a].Do(func() { runtime.Gosched(); ran = 1 })
		return ran
	case "afterfunc":
		body := op.c
		w.timers[op.a] = time.AfterFunc(time.Duration(op.b)*time.Millisecond, func() {
			w.run(int(atomic.AddInt32(&w.next, 1)), body)
		})
	case "stop", "reset":
		t := w.timers[op.a]
		if t == nil {
			return 2
		}
		if op.verb == "stop" && t.Stop() || op.verb == "reset" && t.Reset(time.Duration(op.b)*time.Millisecond) {
			return 1
		}
	case "timeout":
		select {
		case v, ok := <-w.chans[op.a]:
			if !ok {
				return -1
			}
			return v
		case <-time.After(time.Duration(op.b) * time.Millisecond):
			return -2
		}
	case "lockthread":
		runtime.LockOSThread()
	case "unlockthread":
		runtime.UnlockOSThread()
	case "syscall":
		t := syscall.NsecToTimespec(int64(op.a) * 1e6)
		_ = syscall.Nanosleep(&t, nil)
	case "compute":
		compute(time.Duration(op.a) * time.Millisecond)
	default:
		panic("recorder: unknown operation " + op.verb)
	}
	return 0
}

// compute keeps the CPU until this goroutine has run for d: gaps in time are those in which it did not.
func compute(d time.Duration) {
	last := time.Now()
	for d > 0 {
		now := time.Now()
		if gap := now.Sub(last); gap < 50*time.Microsecond {
			d -= gap
		}
		last = now
	}
}

// choose: both directions of two cases; what the program does not have is a nil channel.
func (w *world) choose(value int, op *operation) int {
	var send, recv [2]chan int
	for i, k := range op.cases {
		if k.send {
			send[i] = w.chans[k.c]
		} else {
			recv[i] = w.chans[k.c]
		}
	}
	if op.hasDefault {
		select {
		case send[0] <- value:
			return 0
		case <-recv[0]:
			return 0
		case send[1] <- value:
			return 1
		case <-recv[1]:
			return 1
		default:
			return 9
		}
	}
	select {
	case send[0] <- value:
		return 0
	case <-recv[0]:
		return 0
	case send[1] <- value:
		return 1
	case <-recv[1]:
		return 1
	}
}
