// The loop: order of events, limits as outcomes, and that advancing in place is only a shortcut.

#include "sim/engine.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <optional>
#include <tuple>
#include <vector>

#include "sim/random.hpp"

namespace gmpsim {
namespace {

using Log = std::vector<std::tuple<Time, std::uint32_t, int>>;  // when, who, its how-manyeth step

/// A process driven by keyed random numbers: it works, sleeps, and arms or disarms its neighbours.
struct Actor {
  struct Shared {
    Engine engine;
    std::vector<Actor> actors;
    Log log;
    std::uint64_t seed = 0;
    bool in_place = true;
  };
  Shared* shared = nullptr;
  std::uint32_t number = 0;
  ProcessId id = 0;
  int steps = 0;

  [[nodiscard]] Duration work(std::uint64_t bits) const { return static_cast<Duration>(bits >> 8 & 15); }

  static void resume(void* self) { static_cast<Actor*>(self)->run(); }
  void run() {
    Engine& engine = shared->engine;
    while (true) {
      const std::uint64_t bits = random_bits(shared->seed, 1, number, static_cast<std::uint64_t>(steps));
      shared->log.emplace_back(engine.now(), number, steps++);
      if (steps > 60) return;
      const Actor& other = shared->actors[(bits >> 4) % shared->actors.size()];
      if (bits % 8 == 0 && other.number != number) engine.arm(other.id, engine.now() + work(bits >> 8));
      if (bits % 8 == 1 && other.number != number) engine.disarm(other.id);
      const Duration d = work(bits);
      if (shared->in_place && engine.advance(d)) continue;
      engine.arm(id, engine.now() + d);
      return;
    }
  }
};

Log run_actors(std::uint64_t seed, bool in_place, std::optional<Time> until = {}) {
  static constexpr Phase phases[] = {Phase::world, Phase::signal, Phase::thread, Phase::thread, Phase::monitor};
  Actor::Shared shared;
  shared.seed = seed;
  shared.in_place = in_place;
  const std::uint32_t actors = 1 + static_cast<std::uint32_t>(seed % 5);
  shared.actors.resize(actors);
  for (std::uint32_t i = 0; i < actors; ++i) {
    Actor& actor = shared.actors[i];
    actor = {&shared, i, 0, 0};
    actor.id = shared.engine.add_process(&Actor::resume, &actor, phases[i % std::size(phases)]);
    shared.engine.arm(actor.id, i);
  }
  if (until) shared.engine.limit_time(*until);
  const EngineEnd end = shared.engine.run();
  BOOST_TEST((end == EngineEnd::idle || until));
  return shared.log;
}

/// The same actors on a sorted list of (time, phase, sequence), without any shortcut.
Log run_naively(std::uint64_t seed) {
  struct Event {
    Time at;
    int phase;
    std::uint64_t sequence;
    std::uint32_t actor;
    auto operator<=>(const Event&) const = default;
  };
  static constexpr int phases[] = {0, 1, 2, 2, 3};
  const std::uint32_t actors = 1 + static_cast<std::uint32_t>(seed % 5);
  std::vector<Event> pending;
  std::vector<int> steps(actors);
  std::uint64_t sequence = 0;
  Log log;
  const auto disarm = [&](std::uint32_t actor) {
    std::erase_if(pending, [=](const Event& e) { return e.actor == actor; });
  };
  const auto arm = [&](std::uint32_t actor, Time at) {
    disarm(actor);
    pending.push_back({at, phases[actor % 5], sequence++, actor});
  };
  for (std::uint32_t i = 0; i < actors; ++i) arm(i, i);
  while (!pending.empty()) {
    const auto first = std::min_element(pending.begin(), pending.end());
    const Event e = *first;
    pending.erase(first);
    const std::uint64_t bits = random_bits(seed, 1, e.actor, static_cast<std::uint64_t>(steps[e.actor]));
    log.emplace_back(e.at, e.actor, steps[e.actor]++);
    if (steps[e.actor] > 60) continue;
    const auto other = static_cast<std::uint32_t>((bits >> 4) % actors);
    if (bits % 8 == 0 && other != e.actor) arm(other, e.at + static_cast<Duration>(bits >> 16 & 15));
    if (bits % 8 == 1 && other != e.actor) disarm(other);
    arm(e.actor, e.at + static_cast<Duration>(bits >> 8 & 15));
  }
  return log;
}

/// Counts its resumptions; continues `step` later until told otherwise.
struct Ticker {
  Engine& engine;
  Duration step;
  ProcessId id;
  int ticks = 0;
  Ticker(Engine& e, Duration d, Time first) : engine(e), step(d), id(e.add_process(&resume, this, Phase::thread)) {
    engine.arm(id, first);
  }
  static void resume(void* self) {
    auto& t = *static_cast<Ticker*>(self);
    ++t.ticks;
    t.engine.arm(t.id, t.engine.now() + t.step);
  }
};

BOOST_AUTO_TEST_SUITE(engine_suite)

BOOST_AUTO_TEST_CASE(runs_events_in_the_order_of_a_sorted_list_and_the_shortcut_changes_nothing) {
  std::size_t events = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) BOOST_TEST_CONTEXT("seed " << seed) {
      const Log expected = run_naively(seed);
      BOOST_TEST_REQUIRE((run_actors(seed, false) == expected));
      BOOST_TEST_REQUIRE((run_actors(seed, true) == expected));
      events += expected.size();
    }
  BOOST_TEST(events > 20'000u);  // the scripts really ran
}

BOOST_AUTO_TEST_CASE(a_time_limit_cuts_the_same_run_short) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Log whole = run_naively(seed);
    constexpr Time until = 100;
    Log cut;
    std::copy_if(whole.begin(), whole.end(), std::back_inserter(cut),
                 [=](const auto& e) { return std::get<0>(e) <= until; });
    BOOST_TEST((run_actors(seed, true, until) == cut), "seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(the_clock_stands_at_the_limit_afterwards) {
  Engine engine;
  Ticker ticker(engine, 30, 0);
  engine.limit_time(100);
  BOOST_TEST((engine.run() == EngineEnd::time));
  BOOST_TEST(engine.now() == 100);
  BOOST_TEST(ticker.ticks == 4);  // at 0, 30, 60, 90
}

BOOST_AUTO_TEST_CASE(an_event_at_the_limit_still_happens) {
  Engine engine;
  Ticker ticker(engine, 50, 0);
  engine.limit_time(100);
  BOOST_TEST((engine.run() == EngineEnd::time));
  BOOST_TEST(ticker.ticks == 3);  // at 0, 50, 100
}

BOOST_AUTO_TEST_CASE(fuel_ends_a_run_that_never_would) {
  Engine engine;
  Ticker ticker(engine, 0, 0);
  engine.limit_fuel(1'000);
  BOOST_TEST((engine.run() == EngineEnd::fuel));
  BOOST_TEST(ticker.ticks == 1'000);
  BOOST_TEST(engine.fuel_used() == 1'000u);
  BOOST_TEST(engine.now() == 0);
}

BOOST_AUTO_TEST_CASE(advancing_in_place_takes_fuel_too) {
  struct Spinner {
    Engine engine;
    int advanced = 0;
    static void resume(void* self) {
      auto& s = *static_cast<Spinner*>(self);
      while (s.engine.advance(1)) ++s.advanced;
    }
  } spinner;
  const ProcessId id = spinner.engine.add_process(&Spinner::resume, &spinner, Phase::thread);
  spinner.engine.arm(id, 0);
  spinner.engine.limit_fuel(500);
  spinner.engine.run();
  BOOST_TEST(spinner.advanced == 499);  // one for the event itself
  BOOST_TEST(spinner.engine.now() == 499);
}

BOOST_AUTO_TEST_CASE(the_clock_never_advances_in_place_past_or_onto_a_pending_event) {
  struct Pair {
    Engine engine;
    ProcessId first = 0, second = 0;
    bool onto = true, before = false, past = true;
    static void one(void* self) {
      auto& p = *static_cast<Pair*>(self);
      p.engine.arm(p.second, 50);
      p.past = p.engine.advance(51);
      p.onto = p.engine.advance(50);
      p.before = p.engine.advance(49);
    }
    static void two(void*) {}
  } pair;
  pair.first = pair.engine.add_process(&Pair::one, &pair, Phase::thread);
  pair.second = pair.engine.add_process(&Pair::two, &pair, Phase::thread);
  pair.engine.arm(pair.first, 0);
  BOOST_TEST((pair.engine.run() == EngineEnd::idle));
  BOOST_TEST(!pair.past);
  BOOST_TEST(!pair.onto);
  BOOST_TEST(pair.before);
  BOOST_TEST(pair.engine.now() == 50);
}

BOOST_AUTO_TEST_CASE(arming_replaces_and_disarming_cancels) {
  Engine engine;
  Ticker moved(engine, 1'000, 10), cancelled(engine, 1'000, 20);
  engine.arm(moved.id, 40);
  BOOST_TEST(engine.armed_at(moved.id) == 40);
  engine.disarm(cancelled.id);
  engine.limit_time(500);
  BOOST_TEST((engine.run() == EngineEnd::time));
  BOOST_TEST(moved.ticks == 1);
  BOOST_TEST(cancelled.ticks == 0);
  BOOST_TEST(engine.armed(moved.id));
  BOOST_TEST(!engine.armed(cancelled.id));
}

BOOST_AUTO_TEST_CASE(armed_for_never_means_waiting_for_somebody_else) {
  Engine engine;
  Ticker waiting(engine, 1, 0);
  engine.arm(waiting.id, kNever);
  BOOST_TEST(engine.armed(waiting.id));
  BOOST_TEST((engine.run() == EngineEnd::idle));
  BOOST_TEST(waiting.ticks == 0);
}

BOOST_AUTO_TEST_CASE(a_stopped_engine_goes_on_where_it_was) {
  struct Stopper {
    Engine engine;
    ProcessId id = 0;
    int ticks = 0;
    static void resume(void* self) {
      auto& s = *static_cast<Stopper*>(self);
      s.engine.arm(s.id, s.engine.now() + 10);
      if (++s.ticks % 3 == 0) s.engine.stop();
    }
  } s;
  s.id = s.engine.add_process(&Stopper::resume, &s, Phase::thread);
  s.engine.arm(s.id, 0);
  BOOST_TEST((s.engine.run() == EngineEnd::stopped));
  BOOST_TEST(s.engine.now() == 20);
  BOOST_TEST((s.engine.run() == EngineEnd::stopped));
  BOOST_TEST(s.engine.now() == 50);
  BOOST_TEST(s.ticks == 6);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gmpsim
