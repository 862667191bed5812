package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// What follows is the same in every exported program: two processes and a log between them.
//
// A deadlock or a panic ends a Go process, so the scenario runs in a child, which writes what it logs to memory that it
// shares with its parent; the parent prints it, with the outcome and who was blocked, when the child has ended. Writing
// to memory moves no goroutine: printing would.

// The shared memory, in words of 8 bytes: how the child ended, when it began, how many words of log, a flag for a main
// goroutine that left by Goexit, the number of goroutines; then for each goroutine the runtime's own number and its
// program; then the log.
const (
	endedAt, begunAt, usedAt, goexitAt, madeAt = 0, 1, 2, 3, 4
	goroutinesAt                               = 8
	mostGoroutines                             = 1 << 20
	logAt                                      = goroutinesAt + 2*mostGoroutines
	mostWords                                  = 1 << 23
)

// How a run ends, when the runtime does not end it.
const (
	crashed = iota
	done
	exited
	broken
)

// Kinds of lines of the log.
const (
	isLog = iota
	isMark
	isSpan
	isAssert
)

var kinds = [...]string{"log", "mark", "span", "assert"}

var memory []uint64

var labelNumbers = map[string]uint64{}

var begin time.Time

// goroutine is one goroutine of the scenario, with the number that the model gives it.
type goroutine struct {
	id      int64
	program int
	ordinal uint64 // the how-manyeth of its program
	known   bool
	draws   map[uint64]uint64
	kept    [][]byte
}

var made int64

var ordinals [len(programs)]uint64

// alive is how many goroutines of the program whose end ends the run there are or will be.
var alive int64

// spawn gives the next goroutine its number, where the go statement stands.
func spawn(program string) *goroutine {
	if program == lastProgram {
		atomic.AddInt64(&alive, 1)
	}
	g := &goroutine{id: atomic.AddInt64(&made, 1)}
	for g.program = range programs {
		if programs[g.program] == program {
			break
		}
	}
	g.ordinal = atomic.AddUint64(&ordinals[g.program], 1)
	atomic.StoreUint64(&memory[madeAt], uint64(g.id))
	return g
}

// begin tells the parent which goroutine of a crash dump this one is. It is true in the function that a goroutine began with.
func (g *goroutine) begin() bool {
	if g.known {
		return false
	}
	g.known = true
	if g.id >= mostGoroutines {
		return true
	}
	var line [40]byte
	n := runtime.Stack(line[:], false)
	number := uint64(0)
	for _, c := range line[len("goroutine "):n] {
		if c < '0' || c > '9' {
			break
		}
		number = number*10 + uint64(c-'0')
	}
	memory[goroutinesAt+2*g.id] = number
	memory[goroutinesAt+2*g.id+1] = uint64(g.program)
	return true
}

// end ends the run with the last goroutine of lastProgram.
func (g *goroutine) end(began bool) {
	if r := recover(); r != nil {
		panic(r)
	}
	if began && atomic.AddInt64(&alive, -1) == 0 {
		finish(done)
	}
}

// exit ends this goroutine.
func (g *goroutine) exit() {
	if g.id == 1 {
		memory[goexitAt] = 1
	}
	runtime.Goexit()
}

func (g *goroutine) write(kind uint64, label string, values []interface{}) {
	words := uint64(3 + 2*len(values))
	at := logAt + atomic.AddUint64(&memory[usedAt], words) - words
	if at+words > uint64(len(memory)) {
		return
	}
	memory[at+1] = labelNumbers[label]
	memory[at+2] = uint64(g.id)
	for i, v := range values {
		word := &memory[at+3+2*uint64(i)]
		switch v := v.(type) {
		case int:
			memory[at+4+2*uint64(i)] = uint64(v)
		case int64:
			memory[at+4+2*uint64(i)] = uint64(v)
		case named:
			*word, memory[at+4+2*uint64(i)] = 1, labelNumbers[string(v)]
		}
	}
	atomic.StoreUint64(&memory[at], 1|kind<<8|uint64(len(values))<<16)
}

// named is a reference, logged by its name.
type named string

func (g *goroutine) log(label string, values ...interface{}) { g.write(isLog, label, values) }

func (g *goroutine) span(label string) { g.write(isSpan, label, nil) }

func (g *goroutine) mark(label string) {
	g.write(isMark, label, nil)
	if label == lastMark {
		finish(done)
	}
}

func (g *goroutine) assert(holds bool, label string) {
	if !holds {
		g.write(isAssert, label, nil)
	}
}

// truth is a condition as a number.
func truth(holds bool) int64 {
	if holds {
		return 1
	}
	return 0
}

// fail ends the run with an error of the scenario itself.
func fail(format string, values ...interface{}) {
	fmt.Fprintf(os.Stderr, "scenario error: "+format+"\n", values...)
	atomic.StoreUint64(&memory[endedAt], broken)
	os.Exit(3)
}

// count is a number of times, which cannot be negative.
func count(n int64) int64 {
	if n < 0 {
		fail("a count cannot be negative, but this is %d", n)
	}
	return n
}

// at is an index that has to be below n.
func at(i int64, n int) int64 {
	if i < 0 || i >= int64(n) {
		fail("the index is out of range")
	}
	return i
}

// finish ends the run now.
func finish(how uint64) {
	if !atomic.CompareAndSwapUint64(&memory[endedAt], crashed, how) {
		select {}
	}
	dump := make([]byte, 1<<16)
	for runtime.Stack(dump, true) == len(dump) {
		dump = make([]byte, 2*len(dump))
	}
	os.Stderr.Write(dump)
	os.Exit(0)
}

// enter starts a goroutine from outside: at the tail of the global queue, as those that the poller finds ready. The new
// goroutine wakes us again before it yields, so neither this nor that ends a time slice.
func enter(program string, body func(g *goroutine)) {
	g := spawn(program)
	here := make(chan bool)
	go func() {
		g.begin()
		g.known = false
		here <- true
		runtime.Gosched()
		body(g)
	}()
	<-here
}

// later starts goroutines when the run is so old; `last` of them are of lastProgram.
func later(after time.Duration, last int64, begin func()) {
	atomic.AddInt64(&alive, last)
	time.AfterFunc(after, func() {
		begin()
		atomic.AddInt64(&alive, -last)
	})
}

// filled is a channel that holds values.
func filled[T any](c chan T, values ...T) chan T {
	for _, v := range values {
		c <- v
	}
	return c
}

// several makes n of something.
func several[T any](n int, one func(i int) T) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = one(i)
	}
	return all
}

// group is a wait group to which n were added.
func group(n int) *sync.WaitGroup {
	g := new(sync.WaitGroup)
	g.Add(n)
	return g
}

// stopped is a timer that was never set.
func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// exact makes the kernel's timers exact in the child: usually it may be 50 us late. (PR_SET_TIMERSLACK, inherited.)
func exact() {
	runtime.LockOSThread()
	check2(syscall.RawSyscall(syscall.SYS_PRCTL, 29, 1, 0))
}

// pin lets the child use so many processors only.
func pin(n int) {
	var allowed, wanted [128]uint64
	check2(syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, unsafe.Sizeof(allowed), uintptr(unsafe.Pointer(&allowed))))
	for cpu := 0; cpu < 64*len(allowed) && n > 0; cpu++ {
		if bit := uint64(1) << (cpu % 64); allowed[cpu/64]&bit != 0 {
			wanted[cpu/64] |= bit
			n--
		}
	}
	check2(syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(wanted), uintptr(unsafe.Pointer(&wanted))))
}

func check2(_, _ uintptr, errno syscall.Errno) {
	if errno != 0 {
		check(errno)
	}
}

// schedTick brings the scheduler's tick to `wanted` modulo 61: every 61st tick it looks at the global queue first, so
// the phase is part of what a program does. Main starts helpers and yields: they are in the local queue, main is in the
// global one. The helper that was started last runs first and without a tick, the others count the tick up until it is
// 0 modulo 61 and main is fetched; that makes it 1. From there every helper and every return of main adds one.
func schedTick(wanted int) {
	const helpers = 64
	ran, tick := 0, 1
	for i := 0; i < helpers; i++ {
		go func() { ran++ }()
	}
	runtime.Gosched()
	before := ran
	for ran < helpers {
		runtime.Gosched()
		tick++
	}
	for tick += helpers - before; tick%61 != wanted; tick++ {
		runtime.Gosched()
	}
}

// child runs the scenario: with one P until all is set up, in the state in which the model begins.
func child(path string) {
	memory = mapped(path)
	for i, text := range labels {
		labelNumbers[text] = uint64(i)
	}
	time.Sleep(2 * time.Millisecond) // the runtime's own goroutines are parked then
	block(40 * time.Millisecond)     // and sysmon starts again at its shortest delay
	schedTick(3)
	begin = time.Now()
	start()
	atomic.StoreUint64(&memory[begunAt], 1)
	if procs > 1 {
		runtime.GOMAXPROCS(procs)
	}
	select {}
}

// block is a system call that takes so long.
func block(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&t, nil)
}

func mapped(path string) []uint64 {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	check(err)
	size := 8 * (logAt + mostWords)
	check(file.Truncate(int64(size)))
	raw, err := syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	check(err)
	check(file.Close())
	return unsafe.Slice((*uint64)(unsafe.Pointer(&raw[0])), size/8)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(4)
	}
}

func main() {
	if path := os.Getenv("GMPSIM_LOG"); path != "" {
		child(path)
	}
	dir := os.TempDir()
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		dir = "/dev/shm"
	}
	file, err := os.CreateTemp(dir, "gmpsim-log-*")
	check(err)
	defer os.Remove(file.Name())
	memory = mapped(file.Name())
	self, err := os.Executable()
	check(err)
	self, err = filepath.EvalSymlinks(self)
	check(err)

	var stderr bytes.Buffer
	run := exec.Command(self)
	run.Env = append(os.Environ(), "GMPSIM_LOG="+file.Name(), "GOMAXPROCS=1", "GOTRACEBACK=all")
	run.Env = append(run.Env, environment...)
	run.Stderr = &stderr
	exact()
	if cores > 0 {
		pin(cores)
	}
	check(run.Start())
	limit, stopped := 60*time.Second, "limit: the run took longer than a minute"
	if stopAfter > 0 {
		limit, stopped = stopAfter, "time"
	}
	ended := make(chan error, 1)
	go func() { ended <- run.Wait() }()
	go func() {
		for atomic.LoadUint64(&memory[begunAt]) == 0 {
			time.Sleep(100 * time.Microsecond)
		}
		time.Sleep(limit)
		_ = run.Process.Signal(syscall.SIGQUIT)
		time.Sleep(5 * time.Second) // no goroutine of a crash dump blocks that long
		_ = run.Process.Kill()
	}()
	<-ended
	report(stderr.String(), stopped)
}

// report prints the log, the outcome, how often each label was met, and who was blocked.
func report(stderr, stopped string) {
	counts := map[string]int{}
	end := logAt + int(memory[usedAt])
	for i := logAt; i < end && i < len(memory) && memory[i] != 0; {
		kind, n := int(memory[i]>>8&0xff), int(memory[i]>>16)
		id := memory[i+2]
		what := kinds[kind] + " " + labels[memory[i+1]]
		counts[what]++
		line := what
		for v := 0; v < n; v++ {
			if v == 0 {
				line += " ="
			}
			if value := memory[i+4+2*v]; memory[i+3+2*v] == 1 {
				line += " " + labels[value]
			} else {
				line += fmt.Sprint(" ", int64(value))
			}
		}
		fmt.Printf("G%d %s: %s\n", id, programOf(id), line)
		i += 3 + 2*n
	}
	blocked := blockedIn(stderr)
	outcome := outcomeOf(stderr, stopped, len(blocked))
	if end > len(memory) {
		outcome = "limit: the log is full"
	}
	fmt.Println("outcome: " + outcome)
	var lines []string
	for what, n := range counts {
		lines = append(lines, fmt.Sprintf("count: %s: %d", what, n))
	}
	sort.Strings(lines)
	for _, line := range append(lines, blocked...) {
		fmt.Println(line)
	}
	if strings.HasPrefix(outcome, "error") || os.Getenv("GMPSIM_STDERR") != "" {
		fmt.Fprint(os.Stderr, stderr)
	}
}

func programOf(id uint64) string {
	if id < mostGoroutines {
		return programs[memory[goroutinesAt+2*id+1]]
	}
	return "?"
}

// blockedIn reads the dump of all goroutines: "goroutine 18 [chan receive, 2 minutes]:".
func blockedIn(stderr string) []string {
	ids := map[uint64]uint64{}
	for id := uint64(1); id <= memory[madeAt] && id < mostGoroutines; id++ {
		ids[memory[goroutinesAt+2*id]] = id
	}
	var found []uint64
	reasons := map[uint64]string{}
	for _, line := range strings.Split(stderr, "\n") {
		if !strings.HasPrefix(line, "goroutine ") || !strings.HasSuffix(line, "]:") {
			continue
		}
		number, rest, _ := strings.Cut(line[len("goroutine "):], " ")
		_, rest, _ = strings.Cut(rest, "[")
		reason := strings.TrimSuffix(rest, "]:")
		reason, _, _ = strings.Cut(reason, ",")
		n, err := strconv.ParseUint(number, 10, 64)
		id, ours := ids[n]
		if err != nil || !ours || n == 0 {
			continue
		}
		switch reason {
		case "running", "runnable", "syscall", "preempted", "copystack", "waiting":
			continue
		}
		found = append(found, id)
		reasons[id] = reason
	}
	sort.Slice(found, func(i, j int) bool { return found[i] < found[j] })
	var lines []string
	for _, id := range found {
		lines = append(lines, fmt.Sprintf("blocked: G%d %s: %s", id, programOf(id), reasons[id]))
	}
	return lines
}

func outcomeOf(stderr, stopped string, blocked int) string {
	switch memory[endedAt] {
	case done:
		return "done"
	case exited:
		return "exit"
	case broken:
		_, message, _ := strings.Cut(stderr, "scenario error: ")
		message, _, _ = strings.Cut(message, "\n")
		return "error: " + message
	}
	for _, line := range strings.Split(stderr, "\n") {
		if strings.HasPrefix(line, "SIGQUIT") {
			return stopped
		}
		if strings.HasPrefix(line, "panic: ") {
			line, _, _ = strings.Cut(line, " [recovered") // by end, which panics again
			return line
		}
		if message := strings.TrimPrefix(line, "fatal error: "); message != line {
			if !strings.HasSuffix(message, "deadlock!") {
				return "fatal: " + message
			}
			if blocked > 0 {
				return "deadlock: " + message
			}
			if memory[goexitAt] != 0 {
				return "deadlock: no goroutines (main called runtime.Goexit) - deadlock!"
			}
			return "done"
		}
	}
	return "error"
}
