// The structures for timers against a sorted list, on random scripts.

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <vector>

#include "models/go/goroutine.hpp"
#include "models/go/policies.hpp"
#include "sim/random.hpp"
#include "tests/unit/models/lab.hpp"

using namespace gmpsim;

namespace {

struct Script {
  std::uint64_t seed;
  std::uint64_t count = 0;
  std::uint64_t below(std::uint64_t n) { return bounded(random_bits(seed, 1, 0, count++), n); }
};

/// Adds, removes and takes at random. `late`: by how much the structure may be late (a wheel rounds up to its slot).
void compare_with_a_list(const std::string& name, Duration late, std::uint64_t seed) {
  const auto store = timer_policies().make(name, {});
  Script random{seed};
  std::vector<std::unique_ptr<TimerNode>> nodes;
  std::vector<TimerNode*> held;
  std::vector<Time> taken;
  Time now = 0;
  const Duration span = std::vector<Duration>{us(3), ms(2), seconds(3), seconds(100'000)}[random.below(4)];
  for (int step = 0; step < 2'000; ++step) {
    const std::uint64_t what = random.below(10);
    bool drained = false;
    if (what < 5) {
      nodes.push_back(std::make_unique<TimerNode>());
      nodes.back()->when = now + static_cast<Time>(random.below(static_cast<std::uint64_t>(span)));
      store->add(*nodes.back());
      held.push_back(nodes.back().get());
      BOOST_TEST_REQUIRE(nodes.back()->held);
    } else if (what < 6 && !held.empty()) {  // reset, where it is or by taking it out
      TimerNode& t = *held[random.below(held.size())];
      const Time when = now + static_cast<Time>(random.below(static_cast<std::uint64_t>(span)));
      if (!store->modify(t, when)) {
        store->remove(t);
        t.when = when;
        store->add(t);
      }
      BOOST_TEST_REQUIRE(t.held);
    } else if (what < 7 && !held.empty()) {
      const std::size_t i = random.below(held.size());
      store->remove(*held[i]);
      held.erase(held.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      now += static_cast<Time>(random.below(static_cast<std::uint64_t>(span) / 8 + 1));
      Time before = 0;
      while (TimerNode* t = store->take_due(now)) {
        BOOST_TEST_REQUIRE(t->when <= now, "a timer is never early");
        const auto at = std::find(held.begin(), held.end(), t);
        BOOST_TEST_REQUIRE((at != held.end()), "what is taken was held");
        held.erase(at);
        BOOST_TEST_REQUIRE(!t->held);
        if (late == 0) BOOST_TEST_REQUIRE(t->when >= before, "in order of time");
        before = t->when;
      }
      for (const TimerNode* t : held) BOOST_TEST_REQUIRE(t->when + late > now, "what is due is taken");
      drained = true;
    }
    BOOST_TEST_REQUIRE(store->size() == held.size());
    const auto first = std::min_element(held.begin(), held.end(),
                                        [](const TimerNode* a, const TimerNode* b) { return a->when < b->when; });
    if (held.empty())
      BOOST_TEST_REQUIRE(store->next() == kNever);
    else
      BOOST_TEST_REQUIRE(store->next() <= (*first)->when + late, "step " << step << ": next() is " << store->next()
                                                                         << ", the earliest is due at "
                                                                         << (*first)->when << ", now " << now);
    // Nothing is looked at twice in one instant. In the lazy heaps a stopped or reset timer may count with its old time
    // until they are next worked on (as in Go).
    if (drained) BOOST_TEST_REQUIRE(store->next() > now);
    const bool lazy = name.rfind("heap-", 0) == 0 || name == "heap";
    if (late == 0 && !lazy && !held.empty()) BOOST_TEST_REQUIRE(store->next() == (*first)->when);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(timers)

namespace bdata = boost::unit_test::data;

BOOST_DATA_TEST_CASE(every_heap_agrees_with_a_sorted_list, bdata::xrange(1u, 41u), seed) {
  for (const char* name : {"heap", "heap-1.14", "one-heap", "heaps-64"}) compare_with_a_list(name, 0, seed);
}

BOOST_DATA_TEST_CASE(a_wheel_is_late_by_less_than_a_slot, bdata::xrange(1u, 41u), seed) {
  for (const char* name : {"wheel", "hashed-wheel"}) {
    const auto* info = timer_policies().find(name);
    BOOST_TEST_REQUIRE(info != nullptr);
    const auto slot =
        std::find_if(info->params.begin(), info->params.end(), [](const PolicyParam& p) { return p.name == "slot"; });
    BOOST_TEST_REQUIRE((slot != info->params.end()));
    compare_with_a_list(name, slot->value, seed);
  }
}

BOOST_AUTO_TEST_CASE(all_report_work) {
  for (const char* name : {"heap", "heap-1.14", "one-heap", "heaps-64", "wheel", "hashed-wheel"}) {
    const auto store = timer_policies().make(name, {});
    TimerNode a, b;
    a.when = 5;
    b.when = 3;
    store->add(a);
    store->add(b);
    BOOST_TEST(store->take_work() > 0u);
    BOOST_TEST(store->take_work() == 0u);
  }
}

namespace {

// What a set costs in simulated time, and how late timers fire.
struct Figures {
  Duration dearest_set = 0;
  Duration latest = 0;
};

struct Lateness final : Sink {
  explicit Lateness(Figures& figures) : out(figures) {}
  void consume(std::span<const Transition> records) override {
    for (const Transition& t : records)
      if (t.kind == Kind::timer_fire) out.latest = std::max(out.latest, t.at - t.value);
  }
  Figures& out;
};

Task<> sets_fifty(Go& go, Figures* f) {
  for (int k = 0; k < 50; ++k) {
    Timer* const t = go.world.make_timer(true);
    ++t->blocked;  // somebody waits for it: since 1.23 only then is it in a structure
    const Time before = go.world.now();
    co_await go.reset(t, ms(1) + us(k));
    f->dearest_set = std::max(f->dearest_set, go.world.now() - before);
  }
  co_await go.sleep(ms(3));
}
Task<> computes(Go& go, Duration d) { co_await go.run(d, Preemptible::any); }
Task<> sleeps(Go& go, Duration d) { co_await go.sleep(d); }
Task<> sleeps_and_blocks_for_ever(Go& go) {
  co_await go.sleep(ms(1));
  Chan* const never = nullptr;
  co_await go.recv(never);
}
Task<> sleeps_after_a_while(Go& go, Time* at) {
  co_await go.run(ms(3), Preemptible::any);
  co_await go.sleep(ms(2));
  *at = go.world.now();
}

/// `setters` goroutines set timers at the same time, one more computes if `hog`.
Figures figures(const std::string& structure, std::uint32_t procs, int setters, bool hog) {
  Figures out;
  WorldOptions o;
  o.procs = procs;
  o.limits.until = seconds(10);
  BOOST_TEST_REQUIRE(set_switch(o.settings, "timers", structure).empty());
  SeededChooser chooser(1);
  World world(o, {}, chooser);
  Lateness lateness(out);
  world.recorder().add_sink(lateness);
  for (int i = 0; i < setters; ++i) spawn(world, sets_fifty, &out);
  if (hog) spawn(world, computes, ms(60));
  const Outcome end = world.run();
  BOOST_TEST((end.end == End::done), structure << ": " << end.message);
  world.verify();
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_lock_for_all_makes_setting_a_timer_wait_for_others) {
  const Duration one = figures("one-heap", 8, 8, false).dearest_set;
  const Duration own = figures("heap-1.14", 8, 8, false).dearest_set;
  BOOST_TEST(one > 2 * own, one << "ns against " << own << "ns");
}

BOOST_AUTO_TEST_CASE(timers_of_a_goroutine_of_their_own_fire_in_every_structure) {
  for (const char* name : {"one-heap", "heaps-64", "heap-1.14", "heap", "hashed-wheel", "wheel"}) {
    const Figures f = figures(name, 2, 3, false);
    BOOST_TEST(f.latest < ms(4), name << ": " << f.latest << "ns late");
  }
}

// timerproc waits for the P behind the hog, like any goroutine: a whole slice.
BOOST_AUTO_TEST_CASE(behind_a_busy_p_timerproc_waits_for_its_turn) {
  const Figures f = figures("one-heap", 1, 1, true);
  BOOST_TEST(f.latest > ms(5), f.latest << "ns late");
}

// All timers are gone: timerproc parks, and a deadlock is found; it is no goroutine of the program.
BOOST_AUTO_TEST_CASE(an_idle_timerproc_hides_no_deadlock) {
  for (const char* name : {"one-heap", "heaps-64"}) {
    WorldOptions o;
    o.limits.until = seconds(10);
    BOOST_TEST_REQUIRE(set_switch(o.settings, "timers", name).empty());
    SeededChooser chooser(1);
    World world(o, {}, chooser);
    spawn(world, sleeps_and_blocks_for_ever);
    const Outcome end = world.run();
    BOOST_TEST((end.end == End::deadlock), name << ": " << end.message);
    BOOST_TEST(end.at > ms(1));
    BOOST_TEST(end.at < ms(2));
  }
}

// An earlier timer ends the sleep of a timerproc that waits for a later one.
BOOST_AUTO_TEST_CASE(an_earlier_timer_wakes_timerproc_early) {
  WorldOptions o;
  o.procs = 2;
  o.limits.until = seconds(10);
  BOOST_TEST_REQUIRE(set_switch(o.settings, "timers", "one-heap").empty());
  SeededChooser chooser(1);
  World world(o, {}, chooser);
  Time back = 0;
  spawn(world, sleeps, ms(500));
  spawn(world, sleeps_after_a_while, &back);
  lab::expect_done(world.run());
  BOOST_TEST(back > ms(5));
  BOOST_TEST(back < ms(6));
}

BOOST_AUTO_TEST_SUITE_END()
