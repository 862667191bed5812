// The poller seen from inside: who looks, how much one look takes, in which order goroutines come out, what times round to.

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/unit/models/lab.hpp"

using namespace gmpsim;
using lab::expect_done;

namespace netpoll_lab {

// Who was served when; and what the poller did meanwhile.
struct Seen final : Sink {
  std::vector<int> order;
  std::vector<Time> at;
  std::vector<bool> ok;
  std::vector<std::int64_t> found[4];  // by who looked: goroutines found, looks that found none apart
  std::uint64_t looks[4] = {};
  std::uint64_t waits = 0;
  std::uint64_t threads = 0;
  void consume(std::span<const Transition> records) override {
    for (const Transition& t : records) {
      if (t.kind == Kind::poll) ++looks[t.why];
      if (t.kind == Kind::poll && t.value > 0) found[t.why].push_back(t.value);
      if (t.kind == Kind::m_poll) ++waits;
      if (t.kind == Kind::m_create) ++threads;
    }
  }
};

Task<> reads(Go& go, Device* d, Duration latency, Duration timeout, int number, Seen* seen) {
  co_await go.io(d, latency, timeout);
  seen->order.push_back(number);
  seen->at.push_back(go.world.now());
  seen->ok.push_back(go.g->ok);
}

Task<> computes(Go& go, Duration d) { co_await go.run(d); }

Task<> computes_and_yields(Go& go, Duration piece, Time until) {
  while (go.world.now() < until) {
    co_await go.run(piece);
    co_await go.yield();
  }
}

Task<> naps(Go& go, Duration d, Seen* seen) {
  const Time since = go.world.now();
  co_await go.sleep(d);
  seen->at.push_back(go.world.now() - since);
}

Device* socket(World& w) { return w.make_device(Device::Type::answers, Sampler{}, 0, 0); }

}  // namespace netpoll_lab
using namespace netpoll_lab;

BOOST_AUTO_TEST_SUITE(netpoll)

// Each goes to the front of the list, so whoever was ready last runs first.
BOOST_AUTO_TEST_CASE(one_look_takes_all_that_is_ready_in_reverse_order) {
  Seen seen;
  expect_done(lab::run({}, [&](World& w) {
    w.recorder().add_sink(seen);
    Device* d = socket(w);
    for (int i = 1; i <= 4; ++i) spawn(w, reads, d, ms(1) + us(i), kNever, i, &seen);
    spawn(w, computes, ms(5));
  }));
  BOOST_TEST(seen.order == (std::vector<int>{4, 3, 2, 1}), boost::test_tools::per_element());
  BOOST_TEST(seen.found[0].size() == 1u);
  BOOST_TEST(seen.found[0].at(0) == 4);
}

BOOST_AUTO_TEST_CASE(a_look_takes_at_most_128) {
  Seen seen;
  expect_done(lab::run({}, [&](World& w) {
    w.recorder().add_sink(seen);
    Device* d = socket(w);
    for (int i = 1; i <= 300; ++i) spawn(w, reads, d, ms(1), kNever, i, &seen);
    spawn(w, computes, ms(5));
  }));
  BOOST_TEST(seen.found[0] == (std::vector<std::int64_t>{128, 128, 44}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_last_idle_thread_waits_in_the_kernel) {
  Seen seen;
  expect_done(lab::run({}, [&](World& w) {
    w.recorder().add_sink(seen);
    spawn(w, reads, socket(w), ms(20), kNever, 1, &seen);
  }));
  BOOST_TEST(seen.waits == 1u);
  BOOST_TEST(seen.found[2].size() == 1u);
  BOOST_TEST(seen.at.at(0) >= ms(20));
  BOOST_TEST(seen.at.at(0) < ms(20) + us(20));
}

// While every P has work nobody but sysmon looks, 10 ms after the last look (pull request 51651).
BOOST_AUTO_TEST_CASE(on_a_busy_machine_only_the_monitor_looks) {
  const auto lateness = [](std::vector<std::pair<std::string, std::string>> switches) {
    Seen seen;
    expect_done(lab::run({.procs = 2, .switches = std::move(switches)}, [&](World& w) {
      w.recorder().add_sink(seen);
      spawn_at(w, ms(50), reads, socket(w), ms(1), kNever, 1, &seen);
      for (int i = 0; i < 8; ++i) spawn(w, computes_and_yields, us(200), ms(100));
    }));
    return seen.at.at(0) - ms(51);
  };
  BOOST_TEST(lateness({}) > ms(5));
  BOOST_TEST(lateness({}) < ms(25));
  BOOST_TEST(lateness({{"netpoll.monitor_after", "1ms"}, {"sysmon_max", "1ms"}}) < ms(4));
  BOOST_TEST(lateness({{"netpoll", "poller-thread"}}) < ms(3));
  BOOST_TEST(lateness({{"netpoll", "thread-per-op"}}) < ms(3));
}

// Sleep(50 us) of an idle process takes a millisecond, Sleep(1.5 ms) two waits: 1 ms, then 1 ms for the rest.
BOOST_AUTO_TEST_CASE(the_kernel_s_timeouts_are_whole_milliseconds) {
  const auto nap = [](Duration d, const char* unit) {
    Seen seen;
    expect_done(lab::run({.switches = {{"poll_unit", unit}}}, [&](World& w) { spawn(w, naps, d, &seen); }));
    return seen.at.at(0);
  };
  BOOST_TEST(nap(us(50), "1ms") > ms(1));
  BOOST_TEST(nap(us(50), "1ms") < us(1200));
  BOOST_TEST(nap(us(1500), "1ms") > us(2100));
  BOOST_TEST(nap(us(1500), "1ms") < us(2300));
  BOOST_TEST(nap(ms(5), "1ms") > ms(5));
  BOOST_TEST(nap(ms(5), "1ms") < us(5300));
  BOOST_TEST(nap(us(50), "1ns") < us(200));
}

BOOST_AUTO_TEST_CASE(a_thousand_blocked_reads_are_a_thousand_threads_without_a_poller) {
  const auto threads = [](const char* policy) {
    Seen seen;
    expect_done(lab::run({.procs = 2, .switches = {{"netpoll", policy}}}, [&](World& w) {
      w.recorder().add_sink(seen);
      Device* d = socket(w);
      for (int i = 0; i < 1000; ++i) spawn(w, reads, d, ms(500), kNever, i, &seen);
    }));
    BOOST_TEST(seen.order.size() == 1000u);
    return seen.threads;
  };
  BOOST_TEST(threads("poller") <= 5u);
  BOOST_TEST(threads("poller-thread") <= 6u);
  BOOST_TEST(threads("thread-per-op") >= 1000u);
}

BOOST_AUTO_TEST_CASE(a_deadline_is_a_timer_of_the_runtime) {
  for (const char* policy : {"poller", "poller-thread", "thread-per-op"}) {
    Seen seen;
    expect_done(lab::run({.switches = {{"netpoll", policy}}}, [&](World& w) {
      w.recorder().add_sink(seen);
      Device* d = socket(w);
      spawn(w, reads, d, ms(30), ms(5), 1, &seen);
      spawn(w, reads, d, ms(3), ms(5), 2, &seen);
      spawn(w, reads, d, ms(3), -5, 3, &seen);
    }));
    BOOST_TEST_CONTEXT(policy) {
      BOOST_TEST(seen.order.back() == 1);
      BOOST_TEST(!seen.ok.back());
      BOOST_TEST(seen.at.back() < ms(7));
    }
  }
}

BOOST_AUTO_TEST_CASE(all_policies_and_thread_counts_keep_the_invariants) {
  for (const char* policy : {"poller", "poller-thread", "thread-per-op"}) {
    for (const std::uint32_t procs : {1u, 2u, 3u, 8u}) {
      for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Seen seen;
        expect_done(lab::run({.procs = procs, .seed = seed, .switches = {{"netpoll", policy}}}, [&](World& w) {
          w.recorder().add_sink(seen);
          Device* d = socket(w);
          Device* events = w.make_device(Device::Type::events, Sampler::exponential(us(100)), 77, 1);
          for (int i = 0; i < 100; ++i) {
            spawn_at(w, us(37 * i), reads, d, us(13 * i), us(20 * (i % 50)), i, &seen);
            spawn_at(w, us(41 * i), reads, events, 0, i % 3 == 0 ? us(200) : kNever, i, &seen);
            spawn_at(w, us(100 * i), computes, us(80));
          }
        }));
        BOOST_TEST(seen.order.size() == 200u);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_run) {
  const auto fingerprint = [] {
    std::string hex;
    Seen seen;
    WorldOptions o;
    o.procs = 3;
    SeededChooser chooser(5);
    World w(o, {}, chooser);
    Device* events = w.make_device(Device::Type::events, Sampler::exponential(us(100)), 77, 1);
    for (int i = 0; i < 50; ++i) spawn_at(w, us(41 * i), reads, events, 0, i % 3 == 0 ? us(200) : kNever, i, &seen);
    w.run();
    return w.recorder().fingerprint().hex();
  };
  BOOST_TEST(fingerprint() == fingerprint());
}

BOOST_AUTO_TEST_SUITE_END()
