package main

// Random programs. Each kind leans towards one part of the scheduler; all bodies start only bodies after their own, so
// every program ends. Lengths and counts are drawn so that most programs stay small: a difference that shows in a small
// program is easier to understand.

import "math/rand"

type kind struct {
	style   string
	name    string
	weight  int
	program func(g *gen) Program
}

func kinds() []kind {
	return []kind{
		{"order", "mixed", 5, func(g *gen) Program {
			return g.program(2+g.Intn(5), 3, 9, 12, weights{"recv": 9, "send": 8, "gosched": 4, "select": 4, "lock": 3, "wait": 2,
				"close": 1, "sleep": 1, "add": 1, "wlock": 1, "rlock": 1, "done": 1, "signal": 1, "cwait": 1, "broadcast": 1})
		}},
		{"order", "ticks", 4, func(g *gen) Program {
			p := g.program(2+g.Intn(3), 3, 14, 8, weights{"gosched": 40, "recv": 3, "send": 3, "lock": 2, "sleep": 1, "select": 1, "yields": 12, "wait": 1})
			return p
		}},
		{"order", "channels", 3, func(g *gen) Program {
			return g.program(2+g.Intn(5), 3, 10, 20, weights{"recv": 10, "send": 10, "close": 2, "gosched": 2, "len": 1, "range": 1, "pump": 1, "sleep": 1, "try": 1})
		}},
		{"order", "close", 2, func(g *gen) Program {
			return g.program(2+g.Intn(4), 2, 7, 24, weights{"recv": 12, "close": 2, "trysend": 3, "range": 2, "gosched": 2, "select": 3, "sleep": 1})
		}},
		{"order", "mutex", 4, func(g *gen) Program {
			return g.program(2+g.Intn(4), 3, 9, 12, weights{"section": 8, "hold": 6, "trylock": 1, "gosched": 4, "sleep": 2, "recv": 1, "send": 1, "once": 1})
		}},
		{"order", "rwmutex", 4, func(g *gen) Program {
			return g.program(2+g.Intn(4), 3, 9, 14, weights{"readers": 8, "writer": 5, "rlock": 1, "wlock": 1, "gosched": 4, "sleep": 2, "recv": 1})
		}},
		{"order", "cond", 3, func(g *gen) Program {
			return g.program(2+g.Intn(4), 3, 8, 16, weights{"cwait": 8, "signal": 4, "broadcast": 3, "gosched": 3, "sleep": 2, "lock": 1})
		}},
		{"order", "group", 2, func(g *gen) Program {
			return g.program(2+g.Intn(4), 3, 8, 16, weights{"add": 3, "done": 4, "wait": 6, "gosched": 3, "sleep": 1, "try": 1})
		}},
		{"order", "select", 3, func(g *gen) Program {
			return g.program(2+g.Intn(5), 3, 9, 14, weights{"select": 12, "send": 4, "recv": 4, "close": 1, "gosched": 3, "sleep": 1, "timeout": 1})
		}},
		{"order", "timers", 3, func(g *gen) Program {
			return g.program(2+g.Intn(4), 2, 7, 12, weights{"sleep": 12, "gosched": 3, "recv": 2, "send": 2, "lock": 2, "afterfunc": 3, "stop": 1, "reset": 1, "timeout": 3})
		}},
		{"order", "crowd", 1, func(g *gen) Program {
			return g.program(2+g.Intn(2), 1, 4, 340, weights{"gosched": 4, "recv": 3, "send": 2, "wait": 2, "section": 1, "sleep": 1, "rlock": 1})
		}},
		{"mixed", "mixed", 4, func(g *gen) Program {
			return g.program(2+g.Intn(4), 2, 7, 9, weights{"recv": 5, "send": 5, "gosched": 3, "select": 3, "lock": 2, "close": 1, "sleep": 2,
				"add": 1, "done": 1, "wait": 1, "rlock": 1, "wlock": 1, "cwait": 1, "signal": 1, "broadcast": 1, "range": 1, "pump": 1, "len": 1,
				"nilrecv": 1, "trylock": 1, "once": 2, "goexit": 1, "try": 1, "compute": 2, "syscall": 1, "lockthread": 1, "unlockthread": 1,
				"afterfunc": 2, "stop": 1, "reset": 1, "timeout": 2})
		}},
		{"mixed", "threads", 1, func(g *gen) Program {
			return g.program(2+g.Intn(3), 2, 6, 7, weights{"lockthread": 5, "unlockthread": 2, "recv": 4, "send": 4, "gosched": 4, "sleep": 2,
				"syscall": 2, "compute": 1, "lock": 2, "once": 1, "timeout": 1})
		}},
		{"mixed", "callbacks", 1, func(g *gen) Program {
			return g.program(2+g.Intn(3), 2, 6, 7, weights{"afterfunc": 6, "stop": 3, "reset": 3, "sleep": 4, "recv": 3, "send": 3, "timeout": 2,
				"compute": 1, "gosched": 2, "close": 1})
		}},
		{"timed", "hogs", 3, func(g *gen) Program {
			return g.program(2+g.Intn(3), 1, 4, 7, weights{"compute": 10, "sleep": 3, "gosched": 2, "recv": 1, "send": 1, "section": 1})
		}},
		{"timed", "calls", 2, func(g *gen) Program {
			return g.program(2+g.Intn(3), 1, 4, 6, weights{"syscall": 8, "compute": 5, "sleep": 2, "gosched": 2, "recv": 1, "send": 1})
		}},
		{"timed", "clocks", 3, func(g *gen) Program {
			return g.program(2+g.Intn(3), 2, 5, 6, weights{"sleep": 6, "compute": 4, "timeout": 3, "afterfunc": 3, "stop": 1, "reset": 1,
				"recv": 2, "send": 2, "syscall": 1, "lock": 1})
		}},
	}
}

func kindNames() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
}

// timedMillis: no sums and differences of these are equal, so who is first seldom hangs on a few microseconds.
var timedMillis = []int{4, 9, 15, 22, 43}

type weights map[string]int

type gen struct {
	*rand.Rand
	style string
}

// generate makes n programs; program i depends on the seed and i alone.
func generate(seed int64, n int, style, only string) []Program {
	var table []kind
	for _, k := range kinds() {
		for i := 0; i < k.weight; i++ {
			if k.style == style && (only == "" || only == k.name) {
				table = append(table, k)
			}
		}
	}
	if len(table) == 0 {
		fail("no kind is called %q in the style %q", only, style)
	}
	var programs []Program
	for i := 0; i < n; i++ {
		g := &gen{rand.New(rand.NewSource(seed<<20 + int64(i))), style}
		p := table[i%len(table)].program(g)
		if style != "order" {
			p.Procs = 1
		}
		programs = append(programs, p)
	}
	return programs
}

// program: `bodies` bodies of lo to hi operations after their go statements, about `crowd` goroutines at most.
func (g *gen) program(bodies, lo, hi, crowd int, w weights) Program {
	p := Program{Mutexes: 1 + g.Intn(2), RWMutexes: 1, WGs: 1 + g.Intn(2), Conds: 1, Onces: 1, Timers: 2}
	for i := 0; i <= g.Intn(3); i++ {
		p.Chans = append(p.Chans, []int{0, 0, 1, 2, 3}[g.Intn(5)])
	}
	verbs := make([]string, 0, len(w))
	for _, v := range allVerbs { // in a fixed order: a map has none
		for i := 0; i < w[v]; i++ {
			verbs = append(verbs, v)
		}
	}
	p.Bodies = make([][]Op, bodies)
	starts := make([]int, bodies) // goroutines that a body leads to, itself included
	for b := bodies - 1; b >= 0; b-- {
		starts[b] = 1
		var ops []Op
		if b+1 < bodies {
			most := 4
			if crowd > 100 {
				most = crowd
			}
			for n := 1 + g.Intn(most); n > 0; n-- {
				to := b + 1 + g.Intn(bodies-b-1)
				if crowd > 100 {
					to = b + 1
				}
				if starts[b]+starts[to] > crowd {
					break
				}
				starts[b] += starts[to]
				ops = append(ops, Op{"go", to})
			}
		}
		for n := lo + g.Intn(hi-lo+1); n > 0; n-- {
			ops = append(ops, g.operation(&p, verbs, b == 0)...)
		}
		// A third of the go statements come later, among the rest.
		for i := range ops {
			if ops[i][0] == "go" && g.Intn(3) == 0 {
				j := i + g.Intn(len(ops)-i)
				ops[i], ops[j] = ops[j], ops[i]
			}
		}
		p.Bodies[b] = ops
	}
	return p
}

var allVerbs = []string{"recv", "send", "close", "lock", "section", "hold", "trylock", "rlock", "wlock", "readers", "writer", "add", "done",
	"wait", "cwait", "signal", "broadcast", "gosched", "yields", "sleep", "select", "range", "pump", "len", "once", "try", "trysend", "afterfunc",
	"stop", "reset", "timeout", "nilrecv", "goexit", "compute", "syscall", "lockthread", "unlockthread"}

func (g *gen) operation(p *Program, verbs []string, first bool) []Op {
	c := func() int { return g.Intn(len(p.Chans)) }
	m := func() int { return g.Intn(p.Mutexes) }
	millis := func() int {
		if g.style != "order" {
			return timedMillis[g.Intn(4)]
		}
		return []int{1, 2, 3, 3, 5, 5, 7, 9, 12}[g.Intn(9)]
	}
	switch v := verbs[g.Intn(len(verbs))]; v {
	case "recv", "send", "close", "range", "len":
		return []Op{{v, c()}}
	case "lock":
		at := m()
		return []Op{{"lock", at}, {"unlock", at}}
	case "section": // with a point where others can run
		at := m()
		return []Op{{"lock", at}, {"gosched"}, {"unlock", at}}
	case "hold": // long enough for those who wait to starve
		at := m()
		return []Op{{"lock", at}, {"sleep", 1 + g.Intn(3)}, {"unlock", at}}
	case "trylock":
		return []Op{{v, m()}}
	case "readers":
		if g.Intn(2) == 0 {
			return []Op{{"rlock", 0}, {"gosched"}, {"runlock", 0}}
		}
		return []Op{{"rlock", 0}, {"sleep", 1 + g.Intn(3)}, {"runlock", 0}}
	case "writer":
		if g.Intn(2) == 0 {
			return []Op{{"wlock", 0}, {"gosched"}, {"wunlock", 0}}
		}
		return []Op{{"wlock", 0}, {"sleep", 1 + g.Intn(3)}, {"wunlock", 0}}
	case "rlock", "wlock":
		return []Op{{v, 0}}
	case "add":
		return []Op{{v, g.Intn(p.WGs), 1 + g.Intn(3)}}
	case "done", "wait":
		return []Op{{v, g.Intn(p.WGs)}}
	case "nilrecv", "goexit", "lockthread", "unlockthread":
		return []Op{{v}}
	case "compute", "syscall":
		return []Op{{v, timedMillis[g.Intn(len(timedMillis))]}}
	case "cwait", "signal", "broadcast", "once":
		return []Op{{v, 0}}
	case "gosched":
		return []Op{{v}}
	case "yields": // a run of them: the tick of the scheduler counts
		n := 3 + g.Intn(30)
		ops := make([]Op, n)
		for i := range ops {
			ops[i] = Op{"gosched"}
		}
		return ops
	case "sleep":
		return []Op{{v, millis()}}
	case "select":
		var cases []interface{}
		for i := 0; i <= g.Intn(2); i++ {
			cases = append(cases, []interface{}{[]string{"send", "recv"}[g.Intn(2)], c()})
		}
		return []Op{{v, cases, g.Intn(3) == 0}}
	case "pump":
		return []Op{{v, 1 + g.Intn(5), c(), c()}}
	case "try":
		return []Op{{v, []interface{}{[]string{"close", "send"}[g.Intn(2)], c()}}}
	case "trysend":
		return []Op{{"try", []interface{}{"send", c()}}}
	case "afterfunc":
		if len(p.Bodies) < 2 {
			return nil
		}
		return []Op{{v, g.Intn(p.Timers), millis(), len(p.Bodies) - 1}}
	case "stop":
		return []Op{{v, g.Intn(p.Timers)}}
	case "reset":
		return []Op{{v, g.Intn(p.Timers), millis()}}
	case "timeout":
		return []Op{{v, c(), millis()}}
	}
	return nil
}
