// Stopping the world: who stops when, who keeps everybody waiting, what runs where afterwards.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <utility>
#include <vector>

#include "tests/unit/models/lab.hpp"

using namespace gmpsim;

namespace {

/// Keeps all transitions; between stw_stopped and stw_end nobody may begin to run.
struct Watch final : Sink {
  std::vector<Transition> all;
  bool stopped = false;
  void consume(std::span<const Transition> records) override {
    for (const Transition& t : records) {
      all.push_back(t);
      if (t.kind == Kind::stw_stopped) stopped = true;
      if (t.kind == Kind::stw_end) stopped = false;
      if (stopped) BOOST_TEST((t.kind != Kind::g_running), "nobody runs while the world is stopped");
    }
  }
  [[nodiscard]] std::vector<Transition> of(Kind kind) const {
    std::vector<Transition> some;
    for (const Transition& t : all)
      if (t.kind == kind) some.push_back(t);
    return some;
  }
};

template <class Prepare>
Outcome watched(const std::string& preset, std::uint32_t procs, Watch& watch,
                const std::vector<std::pair<std::string, std::string>>& switches, Prepare prepare) {
  WorldOptions o;
  BOOST_TEST_REQUIRE(apply_preset(preset, o.settings));
  for (const auto& [name, value] : switches) BOOST_TEST_REQUIRE(set_switch(o.settings, name, value).empty());
  o.procs = procs;
  o.limits.until = seconds(1);
  SeededChooser chooser(1);
  World world(o, {}, chooser);
  world.recorder().add_sink(watch);
  prepare(world);
  const Outcome outcome = world.run();
  world.verify();
  return outcome;
}

Task<> stops_once(Go& go, Duration at, Duration held) {
  co_await go.sleep(at);
  co_await go.stop_world(held);
}

Task<> stops_after_work(Go& go) {
  co_await go.run(us(200));
  co_await go.stop_world(0);
}

Task<> hog(Go& go, Duration d, Preemptible how) { co_await go.run(d, how); }

Task<> stops_amid_work(Go& go) {
  co_await go.run(us(300));
  co_await go.stop_world(ms(2));
  co_await go.run(us(10));
}

Task<> calls_the_kernel(Go& go) {
  co_await go.syscall(ms(1));
  co_await go.run(us(10));
}

Task<> stops_and_yields(Go& go, int times) {
  for (int k = 0; k < times; ++k) {
    co_await go.run(us(50));
    co_await go.stop_world(0);
    co_await go.yield();
  }
}

Task<> notes_when_it_runs(Go& go, Time* at) {
  co_await go.run(1);
  *at = go.world.now();
}

Task<> stops_often(Go& go, int times, Duration held, Duration between) {
  for (int k = 0; k < times; ++k) {
    co_await go.run(between);
    co_await go.stop_world(held);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stop_world)

// Measured on real runtimes: 5.2 and 5.5 us with two idle Ps, stop and start together.
BOOST_AUTO_TEST_CASE(with_idle_ps_it_takes_a_few_microseconds) {
  Watch watch;
  lab::expect_done(watched("go1.26", 3, watch, {}, [](World& w) { spawn(w, stops_after_work); }));
  const auto ends = watch.of(Kind::stw_end);
  BOOST_TEST_REQUIRE(ends.size() == 1u);
  BOOST_TEST(watch.of(Kind::p_stop).size() == 2u, "every P but that of the stopper");
  Watch often;
  const Outcome end =
      watched("go1.26", 3, often, {}, [](World& w) { spawn(w, stops_often, 1000, Duration{0}, Duration{0}); });
  BOOST_TEST(end.at / 1000 > us(2));
  BOOST_TEST(end.at / 1000 < us(12));
}

BOOST_AUTO_TEST_CASE(the_world_stays_stopped_as_long_as_asked) {
  Watch watch;
  lab::expect_done(watched("go1.26", 2, watch, {}, [](World& w) { spawn(w, stops_once, ms(1), ms(3)); }));
  const Duration total = watch.of(Kind::stw_end).at(0).value;
  const Duration stop = watch.of(Kind::stw_stopped).at(0).value;
  BOOST_TEST(total - stop >= ms(3));
  BOOST_TEST(total - stop < ms(3) + us(10));
}

BOOST_AUTO_TEST_CASE(a_loop_without_calls_holds_everybody_up_unless_signals_reach_it) {
  const auto time_to_stop = [](const std::string& how) {
    Watch watch;
    lab::expect_done(watched("go1.26", 2, watch, {{"preempt", how}}, [](World& w) {
      spawn(w, stops_once, ms(2), Duration{0});
      spawn(w, hog, ms(50), Preemptible::async_only);
    }));
    return watch.of(Kind::stw_stopped).at(0).value;
  };
  BOOST_TEST(time_to_stop("async") < us(20));
  BOOST_TEST(time_to_stop("cooperative") > ms(46));
  BOOST_TEST(time_to_stop("cooperative") < ms(50));
}

BOOST_AUTO_TEST_CASE(ordinary_code_stops_at_its_next_call_also_without_signals) {
  Watch watch;
  lab::expect_done(watched("go1.26", 2, watch, {{"preempt", "cooperative"}}, [](World& w) {
    spawn(w, stops_once, ms(2), Duration{0});
    spawn(w, hog, ms(50), Preemptible::any);
  }));
  BOOST_TEST(watch.of(Kind::stw_stopped).at(0).value < us(20));
}

// Since 1.26 what stopped for the world goes on where it was; before it went to the end of the global queue.
BOOST_AUTO_TEST_CASE(a_preempted_goroutine_stays_on_its_p_since_1_26) {
  const auto queue_of_preempted = [](const std::string& preset) {
    Watch watch;
    lab::expect_done(watched(preset, 2, watch, {}, [](World& w) {
      spawn(w, stops_once, ms(2), Duration{0});
      spawn(w, hog, ms(5), Preemptible::any);
    }));
    for (const Transition& t : watch.all)
      if (t.kind == Kind::g_runnable && static_cast<Why>(t.why) == Why::preempted) return t.p;
    BOOST_FAIL("somebody is preempted");
    return kNoP;
  };
  BOOST_TEST(queue_of_preempted("go1.26") != kNoP);
  BOOST_TEST(queue_of_preempted("go1.25") == kNoP);
}

BOOST_AUTO_TEST_CASE(a_p_in_a_system_call_is_taken_and_its_goroutine_waits_for_the_start) {
  for (const char* preset : {"go1.19", "go1.26"}) {
    Watch watch;
    lab::expect_done(watched(preset, 2, watch, {}, [](World& w) {
      spawn(w, stops_amid_work);
      spawn(w, calls_the_kernel);
    }));
    BOOST_TEST(watch.of(Kind::stw_stopped).at(0).value < us(20), preset);
    const Time start = watch.of(Kind::stw_end).at(0).at;
    Time back = 0;
    for (const Transition& t : watch.all)
      if (t.kind == Kind::g_running && t.g == 2) back = t.at;
    BOOST_TEST(back >= start, preset);
  }
}

// Issue 7126: until 1.2 the local queue went behind the global one, and who yields after each stop overtook all in it.
BOOST_AUTO_TEST_CASE(a_stop_puts_the_local_queue_behind_the_global_one_until_1_2) {
  const auto third_runs_at = [](const std::string& preset) {
    Watch watch;
    Time at = 0;
    lab::expect_done(watched(preset, 1, watch, {}, [&](World& w) {
      spawn(w, stops_and_yields, 100);
      spawn(w, stops_and_yields, 100);
      spawn(w, notes_when_it_runs, &at);
    }));
    return at;
  };
  BOOST_TEST(third_runs_at("go1.2") > ms(10), "after the two others have ended");
  for (const char* preset : {"go1.3", "go1.4", "go1.5", "go1.26"}) BOOST_TEST(third_runs_at(preset) < us(500), preset);
}

BOOST_AUTO_TEST_CASE(queues_that_are_dealt_out_anew_lose_nobody) {
  for (const char* queues : {"appended", "in order"}) {
    Watch watch;
    lab::expect_done(watched("go1.26", 3, watch, {{"stw.queues", queues}}, [](World& w) {
      for (int i = 0; i < 8; ++i) spawn(w, stops_and_yields, 10);
      spawn(w, hog, ms(5), Preemptible::any);
    }));
    BOOST_TEST(watch.of(Kind::g_end).size() == 9u, queues);
  }
}

// Issue 59902: a write barrier is no place to stop at.
BOOST_AUTO_TEST_CASE(a_loop_that_refuses_signals_is_asked_again_and_again) {
  const auto stop_of = [](const std::string& unsafe, std::size_t& requests) {
    Watch watch;
    lab::expect_done(watched("go1.26", 2, watch, {{"preempt.unsafe", unsafe}}, [](World& w) {
      spawn(w, stops_once, ms(2), Duration{0});
      spawn(w, hog, ms(50), Preemptible::async_only);
    }));
    requests = watch.of(Kind::preempt_request).size();
    return watch.of(Kind::stw_stopped).at(0).value;
  };
  std::size_t few = 0, many = 0;
  BOOST_TEST(stop_of("0", few) < us(20));
  BOOST_TEST(stop_of("1000", many) > ms(46), "as if there were no signals");
  BOOST_TEST(many > few + 100);
}

BOOST_AUTO_TEST_CASE(one_stops_the_world_at_a_time) {
  Watch watch;
  lab::expect_done(watched("go1.26", 4, watch, {}, [](World& w) {
    for (int i = 0; i < 3; ++i) spawn(w, stops_often, 5, us(50), Duration{0});
  }));
  BOOST_TEST(watch.of(Kind::stw_end).size() == 15u);
  int depth = 0;
  for (const Transition& t : watch.all) {
    if (t.kind == Kind::stw_begin) BOOST_TEST(++depth == 1);
    if (t.kind == Kind::stw_end) --depth;
  }
}

BOOST_AUTO_TEST_SUITE_END()
