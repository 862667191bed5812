// Small worlds, explored exhaustively: two Ps and their threads, three goroutines, and every way in which the machine can
// hold a thread up at most twice, at any of its steps, for longer than the other threads need to come to rest.
//
// Without the monitor and without preemption nothing mends a lost wake-up, so it shows: the programs end in a meeting for
// which two goroutines must run at the same time. A runnable goroutine beside an idle P then waits for ever. After every
// step all invariants of World::verify hold.
//
// What is known of real Go comes out of the search by itself. The protocol of 1.22 and later never loses a wake-up. Until
// 1.21 one is lost when Gosched meets a spinner that gives up (issues 55160, 60693). Until 1.19 one is lost when somebody
// readies a goroutine while an M lets go of its P: the one finds no idle P, the other no work (issue 45867). Until 1.5 it
// can also be a single Gosched.
//
// A step costs 10 ns here, whatever it costs elsewhere, so that "between two steps" is a time. Rejected: every order of
// every step (2^60 runs; nearly all known bugs of schedulers need one or two delays: Emmi, Qadeer and Rakamaric, Delay-bounded
// scheduling, POPL 2011).

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "models/go/goroutine.hpp"
#include "sim/chooser.hpp"

using namespace gmpsim;

namespace {

constexpr Duration kStep = 10;
constexpr Duration kHeldUp = us(4);  // longer than the others take to come to rest
constexpr Time kHangs = us(40);

struct Shared {
  Chan* c = nullptr;
  Mutex* m = nullptr;
  int here = 0;
  int ended = 0;
};

// --- the goroutines

Task<> meet(Go& go, Shared* s) {
  ++s->here;
  while (s->here < 2) co_await go.run(kStep, Preemptible::never);
  ++s->ended;
}
Task<> works(Go& go, Shared* s) {
  co_await go.run(3 * kStep);
  ++s->ended;
}
Task<> receives(Go& go, Shared* s) {
  co_await go.recv(s->c);
  ++s->ended;
}
Task<> receives_and_meets(Go& go, Shared* s) {
  co_await go.recv(s->c);
  co_await meet(go, s);
}
Task<> starts_one_that_meets(Go& go, Shared* s) {
  co_await go.start(meet, s);
  co_await go.run(3 * kStep);
  ++s->ended;
}
Task<> sleeps_and_meets(Go& go, Shared* s) {
  co_await go.sleep(20 * kStep);
  co_await meet(go, s);
}
Task<> locks_and_meets(Go& go, Shared* s) {
  co_await go.lock(s->m);
  co_await go.unlock(s->m);
  co_await meet(go, s);
}

// --- the programs: main, and what it needs

Task<> start(Go& go, Shared* s) {
  co_await go.start(meet, s);
  co_await meet(go, s);
}
Task<> start_two(Go& go, Shared* s) {
  co_await go.start(meet, s);
  co_await go.start(works, s);
  co_await meet(go, s);
}
Task<> chain(Go& go, Shared* s) {
  co_await go.start(starts_one_that_meets, s);
  co_await meet(go, s);
}
Task<> gosched(Go& go, Shared* s) {
  co_await go.start(meet, s);
  co_await go.yield();
  co_await meet(go, s);
}
Task<> gosched_behind_work(Go& go, Shared* s) {
  co_await go.start(works, s);
  co_await go.run(20 * kStep);
  co_await go.start(meet, s);
  co_await go.yield();
  co_await meet(go, s);
}
Task<> hand_over(Go& go, Shared* s) {
  co_await go.start(receives_and_meets, s);
  co_await go.run(20 * kStep);
  co_await go.send(s->c, 1);
  co_await meet(go, s);
}
Task<> close_wakes_two(Go& go, Shared* s) {
  co_await go.start(receives_and_meets, s);
  co_await go.start(receives, s);
  co_await go.run(20 * kStep);
  co_await go.close(s->c);
  co_await meet(go, s);
}
Task<> timer(Go& go, Shared* s) {
  co_await go.start(sleeps_and_meets, s);
  co_await meet(go, s);
}
Task<> lock(Go& go, Shared* s) {
  co_await go.lock(s->m);
  co_await go.start(locks_and_meets, s);
  co_await go.run(20 * kStep);
  co_await go.unlock(s->m);
  co_await meet(go, s);
}
Task<> from_outside(Go& go, Shared* s) {
  co_await go.start(works, s);
  co_await meet(go, s);
}

Task<> overflow(Go& go, Shared* s) {
  co_await go.start(meet, s);
  for (int i = 0; i < 3; ++i) co_await go.start(works, s);
  co_await meet(go, s);
}

struct Program {
  const char* name;
  Task<> (*main)(Go&, Shared*);
  int goroutines;        // that end
  bool outside = false;  // one more comes from outside, at any step
  std::uint32_t ring = 4;
};
std::ostream& operator<<(std::ostream& out, const Program& p) { return out << p.name; }

const Program kPrograms[] = {
    {"start", start, 2},
    {"start two", start_two, 3},
    {"chain", chain, 3},
    {"Gosched", gosched, 2},
    {"Gosched behind work", gosched_behind_work, 3},
    {"hand-over through a channel", hand_over, 2},
    {"close wakes two", close_wakes_two, 3},
    {"timer", timer, 2},
    {"lock", lock, 2},
    {"from outside", from_outside, 3, true},
    {"overflow of a ring of two", overflow, 5, false, 2},
};

// --- the search

struct HeldUp {
  Time at;
  std::uint32_t m;
};

/// Plays the machine: between any two steps it can hold a thread up. It looks at every step and notes where a delay would
/// make a difference.
struct Machine {
  World& world;
  const std::vector<HeldUp>& delays;
  bool looks;                  // and checks; else it only holds up
  std::vector<HeldUp> places;  // where one more delay, after all of these, would be another run
  ProcessId id = 0;
  std::map<std::uint32_t, Time> seen;

  static void on_event(void* self) {
    auto& machine = *static_cast<Machine*>(self);
    World& w = machine.world;
    const Time now = w.now();
    for (const HeldUp& d : machine.delays)
      if (d.at == now) w.thread(d.m)->hold_up(kHeldUp);
    if (!machine.looks) return machine.arm_next();
    const Time last = machine.delays.empty() ? 0 : machine.delays.back().at;
    for (std::uint32_t m = 0; w.thread(m) != nullptr; ++m) {
      const Time due = w.thread(m)->due();
      if (due == kNever || due <= now) continue;
      if (std::exchange(machine.seen[m], due) != due && now > last) machine.places.push_back({now, m});
    }
    w.verify();
    w.engine().arm(machine.id, now + kStep);
  }
  void arm_next() {
    for (const HeldUp& d : delays)
      if (d.at > world.now()) return world.engine().arm(id, d.at);
  }
};

struct Found {
  std::uint64_t runs = 0;
  std::uint64_t hangs = 0;
  std::string first;  // delays of the first hang
};

struct Search {
  WorldOptions options;
  const Program& program;
  Time outside = 0;
  Found found;

  std::vector<HeldUp> run(const std::vector<HeldUp>& delays, bool looks) {
    SeededChooser chooser(1);
    Shared s;
    World world(options, {}, chooser);
    s.c = world.make_chan(0);
    s.m = world.make_mutex();
    spawn(world, program.main, &s);
    if (program.outside) spawn_at(world, outside, meet, &s);
    Machine machine{world, delays, looks, {}};
    machine.id = world.engine().add_process(&Machine::on_event, &machine, Phase::world);
    if (looks)
      world.engine().arm(machine.id, kStep / 2);
    else
      machine.arm_next();
    const Outcome& outcome = world.run();
    ++found.runs;
    if (outcome.end == End::done) {
      BOOST_TEST_REQUIRE(s.ended == program.goroutines);
    } else if (found.hangs++ == 0) {
      found.first = "outside at " + std::to_string(outside);
      for (const HeldUp& d : delays) found.first += ", M" + std::to_string(d.m) + " held up at " + std::to_string(d.at);
    }
    return outcome.end == End::done ? std::move(machine.places) : std::vector<HeldUp>{};
  }

  void explore(std::vector<HeldUp>& delays, int more) {
    const std::vector<HeldUp> places = run(delays, more > 0);
    for (const HeldUp& next : places) {
      delays.push_back(next);
      explore(delays, more - 1);
      delays.pop_back();
    }
  }
};

Found search(const Program& program, const std::string& preset, int delays,
             const std::vector<std::pair<std::string, std::string>>& switches = {}) {
  WorldOptions o;
  BOOST_TEST_REQUIRE(apply_preset(preset, o.settings));
  for (const auto& [name, value] : switches) BOOST_TEST_REQUIRE(set_switch(o.settings, name, value) == "");
  BOOST_TEST_REQUIRE(set_switch(o.settings, "sysmon", "off") == "");
  BOOST_TEST_REQUIRE(set_switch(o.settings, "preempt", "none") == "");
  BOOST_TEST_REQUIRE(set_switch(o.settings, "poll_unit", "10ns") == "");
  for (const CostInfo& c : kCosts)
    if (c.value > 0 && c.id != Cost::os_quantum && c.id != Cost::safe_point_spacing) o.costs.set(c.id, kStep);
  o.costs.set(Cost::kernel_sleep_slack, 0);
  o.costs.set(Cost::kernel_sleep_permille, 0);
  o.procs = 2;
  o.ring = program.ring;
  o.limits.until = kHangs;
  Found all;
  for (Time at = 0; at <= (program.outside ? 60 * kStep : 0); at += kStep) {
    Search s{o, program, at, {}};
    std::vector<HeldUp> none;
    s.explore(none, program.outside ? delays - 1 : delays);
    all.runs += s.found.runs;
    if (all.hangs == 0) all.first = s.found.first;
    all.hangs += s.found.hangs;
  }
  BOOST_TEST_MESSAGE(preset << ", " << program.name << ": " << all.runs << " runs, " << all.hangs << " hang"
                            << (all.hangs > 0 ? "; first: " + all.first : ""));
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(small_worlds)

BOOST_DATA_TEST_CASE(no_wake_up_is_lost, boost::unit_test::data::make(kPrograms), program) {
  const Found found = search(program, "go1.26", 2);
  BOOST_TEST(found.hangs == 0u, found.first);
  BOOST_TEST(found.runs > 1'000u);
}

const Program& program_named(const std::string& name) {
  for (const Program& p : kPrograms)
    if (p.name == name) return p;
  BOOST_FAIL("no program " << name);
  return kPrograms[0];
}

struct Bug {
  const char* program;
  const char* last;  // version that has it
  const char* mended;
  std::vector<std::pair<std::string, std::string>> undo;  // switches that bring it back in go1.26
};
std::ostream& operator<<(std::ostream& out, const Bug& b) { return out << b.program << " until " << b.last; }

const Bug kBugs[] = {
    {"hand-over through a channel", "go1.19", "go1.20", {{"needspinning", "false"}}},
    {"Gosched behind work", "go1.21", "go1.22", {{"idle_recheck_global", "false"}}},
    {"Gosched", "go1.5", "go1.6", {}},
};

BOOST_DATA_TEST_CASE(a_bug_is_found_in_the_last_version_that_has_it, boost::unit_test::data::make(kBugs), bug) {
  const Program& program = program_named(bug.program);
  BOOST_TEST(search(program, bug.last, 2).hangs > 0u);
  BOOST_TEST(search(program, bug.mended, 2).hangs == 0u);
  if (!bug.undo.empty()) BOOST_TEST(search(program, "go1.26", 2, bug.undo).hangs > 0u);
}

// 1.22 changed two things. What mends this is the spinner's second look at the global queue; the yielder's wake-up alone
// does not, because it leaves the matter to the spinner that it sees.
BOOST_AUTO_TEST_CASE(the_second_look_mends_gosched) {
  const Program& program = program_named("Gosched behind work");
  BOOST_TEST(search(program, "go1.26", 2, {{"gosched_wakep", "false"}}).hangs == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
