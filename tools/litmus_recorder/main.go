// Recorder: what a real Go runtime does with small concurrent programs.
//
//	recorder generate [-style S] [-seed N] [-n N] [-kind KIND]  random programs, as JSON on stdout
//	recorder record [-style S] [-runs N] [-jobs N] IN OUT       runs them and keeps those that always did the same
//	recorder compare A B                                        which entries of two recordings differ
//
// IN is a list of programs (from generate) or a recording, whose programs are then recorded anew. The toolchain that
// built the recorder is the one that is recorded: build it once for each version,
//
//	go build -o recorder-1.26 . && ./recorder-1.26 generate -n 1000 >p.json && ./recorder-1.26 record p.json go1.26.json
//
// A program ends by deadlock or panic and takes its process along, so each run is a process of its own: the recorder
// starts itself again. The log lives in a file mapped into both, which survives the crash; wait reasons are read from
// the crash dump. The child allocates and parses before it starts, sleeps 2 ms so that the runtime's own goroutines
// park, and then does nothing but run the program: no output, no other goroutine, no descriptor in the poller.
//
// Rejected: recover and dump from inside (deadlocks cannot be recovered, and a watching goroutine would be one more
// that takes turns); reflect.Select (it is not the select that programs have).
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Program is a litmus program; see README.md for its notation.
type Program struct {
	Procs     int    `json:"procs,omitempty"`
	Chans     []int  `json:"chans"`
	Mutexes   int    `json:"mutexes"`
	RWMutexes int    `json:"rwmutexes"`
	WGs       int    `json:"wgs"`
	Conds     int    `json:"conds"`
	Onces     int    `json:"onces,omitempty"`
	Timers    int    `json:"timers,omitempty"`
	Bodies    [][]Op `json:"bodies"`
}

// Op is ["verb", arguments…].
type Op []interface{}

// Entry is a program and what it did.
type Entry struct {
	Program Program       `json:"program"`
	Events  [][]int       `json:"events"`
	Spread  int           `json:"spread_us,omitempty"`
	Outcome string        `json:"outcome"`
	Message string        `json:"message"`
	Blocked []interface{} `json:"blocked"`
}

// Recording is a file of entries.
type Recording struct {
	Kind     string  `json:"kind"`
	Go       string  `json:"go"`
	Preset   string  `json:"preset"`
	Platform string  `json:"platform"`
	Env      string  `json:"env"`
	Class    string  `json:"class,omitempty"`
	Sleeps   sleeps  `json:"sleep_us,omitempty"`
	Entries  []Entry `json:"entries"`
}

func main() {
	if len(os.Args) == 5 && os.Args[1] == "child" {
		child(os.Args[2], os.Args[3], os.Args[4])
		return
	}
	if len(os.Args) < 2 {
		fail("usage: recorder generate|record|compare …")
	}
	switch os.Args[1] {
	case "generate":
		flags := flag.NewFlagSet("generate", flag.ExitOnError)
		seed := flags.Int64("seed", 1, "of the random programs")
		n := flags.Int("n", 100, "how many")
		style := flags.String("style", "order", "order, mixed or timed")
		kind := flags.String("kind", "", "only this kind: "+strings.Join(kindNames(), ", "))
		_ = flags.Parse(os.Args[2:])
		programs := generate(*seed, *n, *style, *kind)
		fmt.Print("[")
		for i, p := range programs {
			text, _ := json.Marshal(p)
			fmt.Printf("%s\n%s", map[bool]string{true: ","}[i > 0], text)
		}
		fmt.Println("\n]")
	case "record":
		flags := flag.NewFlagSet("record", flag.ExitOnError)
		runs := flags.Int("runs", 6, "a program is kept when this many runs agree")
		jobs := flags.Int("jobs", 2, "programs recorded at a time")
		style := flags.String("style", "order", "order (no preemption, no times), mixed or timed (both with times)")
		limit := flags.Duration("limit", 10*time.Second, "a run that takes longer is given up")
		_ = flags.Parse(os.Args[2:])
		if flags.NArg() != 2 {
			fail("usage: recorder record [flags] IN OUT")
		}
		record(flags.Arg(0), flags.Arg(1), *style, *runs, *jobs, *limit)
	case "compare":
		if len(os.Args) != 4 {
			fail("usage: recorder compare A B")
		}
		compare(os.Args[2], os.Args[3])
	default:
		fail("usage: recorder generate|record|compare …")
	}
}

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

// asynctimerchan=0: timers as in a module of the toolchain's own version, whatever go.mod says (since 1.23).
const childEnv = "GOMAXPROCS=1 GOGC=off GODEBUG=asyncpreemptoff=1,asynctimerchan=0"

const timedEnv = "GOMAXPROCS=1 GOGC=off GODEBUG=asynctimerchan=0"

func environment(style string) string {
	if style == "order" {
		return childEnv
	}
	return timedEnv
}

func record(in, out, style string, runs, jobs int, limit time.Duration) {
	programs := readPrograms(in)
	entries := make([]*Entry, len(programs))
	next := make(chan int)
	var group sync.WaitGroup
	for j := 0; j < jobs; j++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range next {
				entries[i] = recordOne(programs[i], style, runs, limit)
			}
		}()
	}
	for i := range programs {
		next <- i
		if i%100 == 99 {
			fmt.Fprintf(os.Stderr, "%d of %d\n", i+1, len(programs))
		}
	}
	close(next)
	group.Wait()

	version := runtime.Version()
	parts := strings.SplitN(version, ".", 3)
	file := Recording{
		Kind: "LitmusRecording", Go: version, Preset: strings.Join(parts[:2], "."),
		Platform: runtime.GOOS + "/" + runtime.GOARCH, Env: environment(style), Entries: []Entry{},
	}
	if style != "order" {
		file.Class, file.Sleeps = measureClass()
	}
	for _, e := range entries {
		if e != nil {
			file.Entries = append(file.Entries, *e)
		}
	}
	writeRecording(out, file)
	fmt.Fprintf(os.Stderr, "%s: kept %d of %d programs\n", version, len(file.Entries), len(programs))
}

func readPrograms(path string) []Program {
	text, err := os.ReadFile(path)
	if err != nil {
		fail("%v", err)
	}
	var programs []Program
	if json.Unmarshal(text, &programs) == nil {
		return programs
	}
	var file Recording
	if err := json.Unmarshal(text, &file); err != nil {
		fail("%s: neither a list of programs nor a recording: %v", path, err)
	}
	for _, e := range file.Entries {
		programs = append(programs, e.Program)
	}
	return programs
}

// One entry a line: such files are diffed and cut with line tools.
func writeRecording(path string, file Recording) {
	var b bytes.Buffer
	entries := file.Entries
	file.Entries = nil
	head, _ := json.Marshal(file)
	b.WriteString(strings.TrimSuffix(string(head), "null}") + "[")
	for i, e := range entries {
		if i > 0 {
			b.WriteByte(',')
		}
		line, _ := json.Marshal(e)
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		fail("%v", err)
	}
}

// recordOne runs a program several times; nil when two runs differ or one did not end. Times are medians, and Spread is
// the largest distance of any from its median.
func recordOne(p Program, style string, runs int, limit time.Duration) *Entry {
	var first *Entry
	var times [][]int // by event
	for i := 0; i < runs; i++ {
		e, at := runOnce(p, style, limit)
		if e == nil || first != nil && !reflect.DeepEqual(first, e) {
			return nil
		}
		if first == nil {
			times = make([][]int, len(at))
		}
		first = e
		for k, t := range at {
			times[k] = append(times[k], t)
		}
	}
	if style == "order" {
		return first
	}
	for k := range times {
		sort.Ints(times[k])
		median := times[k][len(times[k])/2]
		first.Events[k] = append(first.Events[k], median)
		for _, t := range times[k] {
			if d := t - median; d > first.Spread {
				first.Spread = d
			} else if -d > first.Spread {
				first.Spread = -d
			}
		}
	}
	return first
}

var (
	goroutineLine = regexp.MustCompile(`(?m)^goroutine (\d+)(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[([^\]]*)\]:$`)
	minutes       = regexp.MustCompile(`, \d+ minutes`)
)

func runOnce(p Program, style string, limit time.Duration) (*Entry, []int) {
	log, err := os.CreateTemp("", "litmus")
	if err != nil {
		fail("%v", err)
	}
	defer os.Remove(log.Name())
	defer log.Close()
	if err := log.Truncate(logBytes); err != nil {
		fail("%v", err)
	}
	text, _ := json.Marshal(p)
	self, err := os.Executable()
	if err != nil {
		fail("%v", err)
	}
	cmd := exec.Command(self, "child", log.Name(), string(text), style)
	cmd.Env = append(strings.Fields(environment(style)), "GOTRACEBACK=all", "PATH="+os.Getenv("PATH"))
	if p.Procs > 1 {
		cmd.Env[0] = "GOMAXPROCS=" + strconv.Itoa(p.Procs)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := startExactly(cmd, style); err != nil {
		fail("%v", err)
	}
	timer := time.AfterFunc(limit, func() { _ = cmd.Process.Kill() })
	_ = cmd.Wait()
	if !timer.Stop() {
		return nil, nil
	}

	raw, err := io.ReadAll(log)
	if err != nil {
		fail("%v", err)
	}
	e := &Entry{Program: p, Events: [][]int{}, Blocked: []interface{}{}}
	n := int(binary.LittleEndian.Uint64(raw))
	if n > logEvents {
		return nil, nil
	}
	var times []int
	for i := 0; i < n; i++ {
		at := raw[16+eventBytes*i:]
		e.Events = append(e.Events, []int{int(binary.LittleEndian.Uint32(at)), int(binary.LittleEndian.Uint32(at[4:])),
			int(int64(binary.LittleEndian.Uint64(at[8:])))})
		times = append(times, int(int64(binary.LittleEndian.Uint64(at[16:]))/1000))
	}
	dump := stderr.String()
	for _, line := range strings.Split(dump, "\n") {
		if m := strings.TrimPrefix(line, "fatal error: "); m != line {
			e.Message = m
		} else if m := strings.TrimPrefix(line, "panic: "); m != line && !strings.Contains(line, "[recovered]") {
			e.Message = m
		} else {
			continue
		}
		break
	}
	e.Outcome = "panic"
	if !strings.HasSuffix(e.Message, "deadlock!") {
		if e.Message == "" {
			fmt.Fprintf(os.Stderr, "a child failed without a message: %s\n", dump)
			return nil, nil
		}
		return e, times
	}
	e.Outcome = "deadlock"
	numbers := map[uint64]int{}
	for i := 0; i < maxGoroutines; i++ {
		if id := binary.LittleEndian.Uint64(raw[idsAt+8*i:]); id != 0 {
			numbers[id] = i
		}
	}
	type waiting struct {
		number int
		reason string
	}
	var blocked []waiting
	for _, m := range goroutineLine.FindAllStringSubmatch(dump, -1) {
		id, _ := strconv.ParseUint(m[1], 10, 64)
		number, known := numbers[id]
		if !known {
			return nil, nil
		}
		reason := strings.TrimSuffix(minutes.ReplaceAllString(m[2], ""), ", locked to thread")
		blocked = append(blocked, waiting{number, reason})
	}
	sort.Slice(blocked, func(i, j int) bool { return blocked[i].number < blocked[j].number })
	for _, b := range blocked {
		if style == "order" {
			e.Blocked = append(e.Blocked, []interface{}{b.number, b.reason})
		} else {
			e.Blocked = append(e.Blocked, b.reason)
		}
	}
	return e, times
}

func compare(a, b string) {
	var left, right Recording
	for path, to := range map[string]*Recording{a: &left, b: &right} {
		text, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(text, to)
		}
		if err != nil {
			fail("%s: %v", path, err)
		}
	}
	key := func(p Program) string { text, _ := json.Marshal(p); return string(text) }
	byProgram := map[string]Entry{}
	for _, e := range right.Entries {
		byProgram[key(e.Program)] = e
	}
	same, missing := 0, 0
	for i, e := range left.Entries {
		other, found := byProgram[key(e.Program)]
		if !found {
			missing++
			fmt.Printf("%d: not in %s\n", i, b)
			continue
		}
		l, _ := json.Marshal(e)
		r, _ := json.Marshal(other)
		if bytes.Equal(l, r) {
			same++
		} else {
			fmt.Printf("%d:\n  %s\n  %s\n", i, l, r)
		}
	}
	fmt.Printf("%d of %d identical, %d missing\n", same, len(left.Entries), missing)
}
