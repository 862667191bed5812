// Random programs on several Ps, under every policy, with more and fewer cores than Ps: nobody is lost, all work is
// done, locks exclude, every invariant of World::verify holds between any two events that it is called at, and the same
// seed gives the same run.

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "models/go/goroutine.hpp"
#include "sim/chooser.hpp"
#include "sim/random.hpp"

using namespace gmpsim;

namespace {

constexpr int kSteps = 12;

struct Shared {
  std::uint64_t seed = 0;
  Mutex* m = nullptr;
  RWMutex* rw = nullptr;
  WaitGroup* done = nullptr;
  Chan* tokens = nullptr;  // every worker sends one per step
  Chan* meet = nullptr;    // unbuffered, used by pairs
  int inside = 0;          // of the mutex
  int readers = 0;
  bool writing = false;
  int collected = 0;
  int children = 0;
  int finished = 0;
  std::uint64_t verified = 0;
};

Task<> child(Go& go, Shared* s) {
  co_await go.run(us(20));
  ++s->children;
  co_await go.done(s->done);
}

Task<> meets(Go& go, Shared* s) {
  co_await go.recv(s->meet);
  co_await go.done(s->done);
}

Task<> works_inside(Go& go, Shared* s, Duration d) {
  co_await go.lock(s->m);
  BOOST_TEST_REQUIRE(s->inside == 0);
  ++s->inside;
  co_await go.run(d);
  --s->inside;
  co_await go.unlock(s->m);
}

Task<> reads(Go& go, Shared* s, Duration d) {
  co_await go.rlock(s->rw);
  BOOST_TEST_REQUIRE(!s->writing);
  ++s->readers;
  co_await go.run(d);
  --s->readers;
  co_await go.runlock(s->rw);
}

Task<> writes(Go& go, Shared* s, Duration d) {
  co_await go.lock(s->rw);
  BOOST_TEST_REQUIRE((!s->writing && s->readers == 0));
  s->writing = true;
  co_await go.run(d);
  s->writing = false;
  co_await go.unlock(s->rw);
}

Task<> worker(Go& go, Shared* s, std::uint64_t number) {
  for (int i = 0; i < kSteps; ++i) {
    const std::uint64_t bits = random_bits(s->seed, 2, number, static_cast<std::uint64_t>(i));
    const Duration d = us(1 + static_cast<Duration>(bits >> 32) % 300);
    switch (bits % 13) {
      case 0: co_await go.run(d); break;
      case 1: co_await go.yield(); break;
      case 2: co_await go.sleep(d); break;
      case 3: co_await go.syscall(d); break;
      case 4: co_await works_inside(go, s, d); break;
      case 5: co_await reads(go, s, d); break;
      case 6: co_await writes(go, s, d); break;
      case 7: {
        co_await go.add(s->done, 1);
        co_await go.start(child, s);
        break;
      }
      case 8: {
        co_await go.add(s->done, 1);
        co_await go.start(meets, s);
        co_await go.send(s->meet, i);
        break;
      }
      case 9: co_await go.stop_world(us(5)); break;
      case 10: co_await go.alloc(300'000, 1000); break;
      case 11: co_await go.gc(); break;
      default: co_await go.run(ms(11), Preemptible::async_only); break;  // longer than a slice, without a safe point
    }
    co_await go.send(s->tokens, 1);
  }
  ++s->finished;
  co_await go.done(s->done);
}

Task<> collector(Go& go, Shared* s, int n) {
  for (int i = 0; i < n; ++i) {
    co_await go.recv(s->tokens);
    ++s->collected;
  }
  co_await go.done(s->done);
}

Task<> root(Go& go, Shared* s, std::uint64_t workers) {
  co_await go.add(s->done, static_cast<std::int64_t>(workers) + 1);
  co_await go.start(collector, s, static_cast<int>(workers) * kSteps);
  for (std::uint64_t i = 0; i < workers; ++i) co_await go.start(worker, s, i);
  co_await go.wait(s->done);
}

/// Walks all invariants every so often, as an event of its own.
struct Verifier {
  World& world;
  Shared& shared;
  ProcessId id = 0;
  static void on_event(void* self) {
    auto& v = *static_cast<Verifier*>(self);
    v.world.verify();
    ++v.shared.verified;
    v.world.engine().arm(v.id, v.world.now() + 731);
  }
};

struct Setup {
  WorldOptions options;
  std::string text;
};

Setup draw_setup(std::uint64_t seed) {
  std::uint64_t count = 0;
  const auto below = [&](std::uint64_t n) { return bounded(random_bits(seed, 3, 0, count++), n); };
  Setup s;
  const std::string preset = presets()[below(presets().size())].name;
  BOOST_TEST_REQUIRE(apply_preset(preset, s.options.settings));
  s.text = preset;
  const auto set = [&](const std::string& name, const std::vector<std::string>& values) {
    const std::string value = values[below(values.size())];
    BOOST_TEST_REQUIRE(set_switch(s.options.settings, name, value).empty());
    s.text += " " + name + "=" + value;
  };
  set("steal", {"go", "one", "richest", "random", "none"});
  set("preempt", {"async", "cooperative", "none"});
  set("timers", {"heap", "wheel"});
  set("wake", {"go", "global", "last_p"});
  set("runnext", {"true", "true", "false"});
  set("wake_rule", {"each", "one", "always", "spinner"});
  set("timers_stolen", {"preemptible", "two rounds", "last round"});
  set("global_batch", {"true", "false"});
  set("syscall_handoff", {"retake", "on_entry"});
  s.options.procs = std::vector<std::uint32_t>{2, 3, 4, 8}[below(4)];
  s.options.cores = std::vector<std::uint32_t>{0, 1, 2, 4}[below(4)];
  s.text += " procs=" + std::to_string(s.options.procs) + " cores=" + std::to_string(s.options.cores);
  s.options.limits.until = seconds(60);
  s.options.limits.events = 20'000'000;
  return s;
}

Fingerprint run(std::uint64_t seed, const Setup& setup, bool verify) {
  constexpr std::uint64_t kWorkers = 9;
  SeededChooser chooser(seed);
  Shared s;
  s.seed = seed;
  World world(setup.options, {}, chooser);
  s.m = world.make_mutex();
  s.rw = world.make_rwmutex();
  s.done = world.make_wait_group();
  s.tokens = world.make_chan(3);
  s.meet = world.make_chan(0);
  spawn(world, root, &s, kWorkers);
  Verifier verifier{world, s};
  if (verify) {
    verifier.id = world.engine().add_process(&Verifier::on_event, &verifier, Phase::monitor);
    world.engine().arm(verifier.id, 1);
  }
  const Outcome& outcome = world.run();
  BOOST_TEST((outcome.end == End::done),
             "ended with " << static_cast<int>(outcome.end) << ' ' << outcome.message << " at " << outcome.at);
  BOOST_TEST(s.finished == static_cast<int>(kWorkers));
  BOOST_TEST(s.collected == static_cast<int>(kWorkers) * kSteps);
  BOOST_TEST(world.goroutines_alive() == 0u);
  BOOST_TEST(world.goroutines_runnable() <= 1u, "the sweeper may have something left");
  if (verify) BOOST_TEST(s.verified > 100u);
  return world.recorder().fingerprint();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(many_procs)

BOOST_DATA_TEST_CASE(all_work_is_done_and_invariants_hold, boost::unit_test::data::xrange(1u, 151u), seed) {
  const Setup setup = draw_setup(seed);
  BOOST_TEST_CONTEXT(setup.text) {
    run(seed, setup, true);
    BOOST_TEST((run(seed, setup, false) == run(seed, setup, false)), "the same seed gives the same run");
  }
}

// With one P nothing is left to chance: the seed does not matter.
BOOST_AUTO_TEST_CASE(one_p_needs_no_luck) {
  Setup setup;
  BOOST_TEST_REQUIRE(apply_preset("go1.26", setup.options.settings));
  const auto fingerprint = [&](std::uint64_t luck) {
    SeededChooser chooser(luck);
    Shared s;
    s.seed = 5;
    World world(setup.options, {}, chooser);
    s.m = world.make_mutex();
    s.rw = world.make_rwmutex();
    s.done = world.make_wait_group();
    s.tokens = world.make_chan(3);
    s.meet = world.make_chan(0);
    spawn(world, root, &s, std::uint64_t{4});
    BOOST_TEST((world.run().end == End::done));
    return world.recorder().fingerprint();
  };
  BOOST_TEST((fingerprint(1) == fingerprint(2)));
}

BOOST_AUTO_TEST_SUITE_END()
