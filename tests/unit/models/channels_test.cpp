// Channels and select, on one P and on several.

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <numeric>
#include <vector>

#include "tests/unit/models/lab.hpp"

using namespace gmpsim;
using lab::expect;
using lab::expect_done;
using lab::Select;

// Named, because lambdas of data-driven tests capture its types.
namespace channels_lab {

struct Shared {
  Chan* a = nullptr;
  Chan* b = nullptr;
  WaitGroup* wg = nullptr;
  std::vector<std::int64_t> got;
  std::vector<int> picks;
  Site site;
  bool flag = false;
};

Task<> produces(Go& go, Shared* s, std::int64_t from, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    co_await go.send(s->a, from + i);
    co_await go.run(us(1 + (from + i) % 7));
  }
  co_await go.done(s->wg);
}
Task<> consumes(Go& go, Shared* s) {
  for (;;) {
    const Received r = co_await go.recv(s->a);
    if (!r.ok) break;
    BOOST_TEST_REQUIRE(s->a->count <= s->a->capacity);
    s->got.push_back(r.value.bits);
    co_await go.run(us(2 + r.value.bits % 5));
  }
}
Task<> closes_after_producers(Go& go, Shared* s, std::int64_t producers, std::int64_t each) {
  co_await go.add(s->wg, producers);
  for (std::int64_t p = 0; p < producers; ++p) co_await go.start(produces, s, p * each, each);
  co_await go.wait(s->wg);
  co_await go.close(s->a);
}

/// Runs producers and consumers over a channel; what arrived.
std::vector<std::int64_t> pass(std::uint32_t procs, std::size_t capacity, std::int64_t producers, int consumers,
                               std::uint64_t seed) {
  Shared s;
  const Outcome outcome = lab::run({.procs = procs, .seed = seed}, [&](World& w) {
    s.a = w.make_chan(capacity);
    s.wg = w.make_wait_group();
    spawn(w, closes_after_producers, &s, producers, std::int64_t{20});
    for (int i = 0; i < consumers; ++i) spawn(w, consumes, &s);
  });
  expect_done(outcome);
  return s.got;
}

Task<> panics(Go& go, Shared* s, int what) {
  if (what == 0) {
    co_await go.close(s->a);
    co_await go.send(s->a, 1);
  } else if (what == 1) {
    co_await go.close(s->a);
    co_await go.close(s->a);
  } else {
    co_await go.close(nullptr);
  }
}
Task<> waits_on_nil(Go& go, Shared*, bool send) {
  if (send)
    co_await go.send(nullptr, 1);
  else
    co_await go.recv(nullptr);
}
Task<> drains_after_close(Go& go, Shared* s) {
  co_await go.send(s->a, 1);
  co_await go.send(s->a, 2);
  co_await go.close(s->a);
  for (int i = 0; i < 3; ++i) {
    const Received r = co_await go.recv(s->a);
    s->got.push_back(r.ok ? r.value.bits : -1);
  }
}

Task<> selects_ready(Go& go, Shared* s, int times) {
  for (int i = 0; i < times; ++i) {
    co_await go.send(s->a, 1);
    co_await go.send(s->b, 2);
    std::vector<World::SelectCase> cases{{s->a, false, {}}, {nullptr, false, {}}, {s->b, false, {}}};
    Select select(go, cases, true, s->site);
    const World::Selected got = co_await select;
    s->picks.push_back(got.index);
    co_await go.recv(got.index == 0 ? s->b : s->a);
  }
}
Task<> selects_default(Go& go, Shared* s) {
  for (int i = 0; i < 2; ++i) {
    std::vector<World::SelectCase> cases{{s->a, false, {}}, {nullptr, true, {}}};
    Select select(go, cases, true, s->site);
    const World::Selected got = co_await select;
    s->picks.push_back(got.index);
    if (i == 0) co_await go.send(s->a, 5);
  }
}
Task<> selects_on_itself(Go& go, Shared* s) {
  std::vector<World::SelectCase> cases{{s->a, false, {}}, {s->a, true, {7, 0}}};
  Select select(go, cases, false, s->site);
  co_await select;
}
Task<> blocks_in_select(Go& go, Shared* s) {
  std::vector<World::SelectCase> cases{{s->a, false, {}}, {s->b, false, {}}, {s->b, true, {9, 0}}};
  Select select(go, cases, false, s->site);
  const World::Selected got = co_await select;
  s->picks.push_back(got.index);
  s->got.push_back(got.value.bits);
}
// The select has been decided by `a`; it must have left the queues of `b`.
Task<> finds_nobody_left(Go& go, Shared* s) {
  co_await go.sleep(ms(1));
  co_await go.send(s->a, 4);
  BOOST_TEST((s->b->recvq.first == nullptr || s->b->recvq.first->g->select_done));
  std::vector<World::SelectCase> cases{{s->b, true, {}}, {s->b, false, {}}, {nullptr, true, {}}};
  Select select(go, cases, true, s->site);
  const World::Selected got = co_await select;
  s->picks.push_back(got.index);
  co_await go.sleep(ms(1));
  BOOST_TEST(s->b->recvq.first == nullptr);
  BOOST_TEST(s->b->sendq.first == nullptr);
}
Task<> selects_send_on_closed(Go& go, Shared* s) {
  co_await go.close(s->a);
  std::vector<World::SelectCase> cases{{s->a, true, {}}, {s->b, false, {}}};
  Select select(go, cases, false, s->site);
  const World::Selected got = co_await select;
  s->flag = got.panic != nullptr;
}

}  // namespace channels_lab

using namespace channels_lab;

BOOST_AUTO_TEST_SUITE(channels)

namespace bdata = boost::unit_test::data;

BOOST_DATA_TEST_CASE(one_sender_and_one_receiver_keep_the_order, bdata::make({1, 2, 4}) * bdata::make({0, 1, 3, 100}),
                     procs, cap) {
  std::vector<std::int64_t> want(20);
  std::iota(want.begin(), want.end(), 0);
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    BOOST_TEST(pass(procs, cap, 1, 1, seed) == want, boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(each_value_arrives_once, bdata::make({1, 2, 4, 8}) * bdata::make({0, 1, 3}), procs, cap) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    std::vector<std::int64_t> got = pass(procs, cap, 4, 3, seed);
    std::vector<std::int64_t> want(80);
    std::iota(want.begin(), want.end(), 0);
    std::sort(got.begin(), got.end());
    BOOST_TEST(got == want, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(misuse_panics_with_gos_words) {
  const char* const words[] = {"send on closed channel", "close of closed channel", "close of nil channel"};
  for (int what = 0; what < 3; ++what) {
    Shared s;
    expect(lab::run({},
                    [&](World& w) {
                      s.a = w.make_chan(1);
                      spawn(w, panics, &s, what);
                    }),
           End::panic, words[what]);
  }
}

BOOST_AUTO_TEST_CASE(a_nil_channel_blocks_for_ever) {
  for (const bool send : {true, false}) {
    std::string reason;
    const Outcome o = lab::run({}, [&](World& w) { spawn(w, waits_on_nil, static_cast<Shared*>(nullptr), send); });
    expect(o, End::deadlock, "all goroutines are asleep - deadlock!");
  }
}

BOOST_AUTO_TEST_CASE(what_is_buffered_outlives_the_close) {
  Shared s;
  expect_done(lab::run({}, [&](World& w) {
    s.a = w.make_chan(3);
    spawn(w, drains_after_close, &s);
  }));
  BOOST_TEST(s.got == (std::vector<std::int64_t>{1, 2, -1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(select_takes_each_ready_case_half_of_the_time) {
  Shared s;
  s.site = {stream_named("test"), 1, 0};
  expect_done(lab::run({}, [&](World& w) {
    s.a = w.make_chan(1);
    s.b = w.make_chan(1);
    spawn(w, selects_ready, &s, 4000);
  }));
  const auto first = std::count(s.picks.begin(), s.picks.end(), 0);
  const auto third = std::count(s.picks.begin(), s.picks.end(), 2);
  BOOST_TEST(first + third == 4000);  // neither the nil case nor the default
  BOOST_TEST(first > 1840);           // five standard deviations of 31.6
  BOOST_TEST(first < 2160);
}

BOOST_AUTO_TEST_CASE(default_is_taken_only_when_nothing_is_ready) {
  Shared s;
  expect_done(lab::run({}, [&](World& w) {
    s.a = w.make_chan(1);
    spawn(w, selects_default, &s);
  }));
  BOOST_TEST(s.picks == (std::vector<int>{-1, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_select_is_no_partner_of_itself) {
  Shared s;
  expect(lab::run({},
                  [&](World& w) {
                    s.a = w.make_chan(0);
                    spawn(w, selects_on_itself, &s);
                  }),
         End::deadlock, "all goroutines are asleep - deadlock!");
}

BOOST_DATA_TEST_CASE(a_decided_select_has_left_all_queues, bdata::make({1, 2, 4}), procs) {
  Shared s;
  expect_done(lab::run({.procs = static_cast<std::uint32_t>(procs)}, [&](World& w) {
    s.a = w.make_chan(0);
    s.b = w.make_chan(0);
    spawn(w, blocks_in_select, &s);
    spawn(w, finds_nobody_left, &s);
  }));
  std::sort(s.picks.begin(), s.picks.end());
  BOOST_TEST(s.picks == (std::vector<int>{-1, 0}), boost::test_tools::per_element());
  BOOST_TEST(s.got == (std::vector<std::int64_t>{4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_send_case_on_a_closed_channel_is_ready_and_panics) {
  Shared s;
  expect_done(lab::run({}, [&](World& w) {
    s.a = w.make_chan(0);
    s.b = w.make_chan(0);
    spawn(w, selects_send_on_closed, &s);
  }));
  BOOST_TEST(s.flag);
}

BOOST_AUTO_TEST_SUITE_END()
