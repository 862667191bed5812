#include "tools/token.hpp"

#include <boost/test/unit_test.hpp>

#include "sim/random.hpp"

namespace gmpsim {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A run of `n` transitions that says nothing in particular.
Token token_of(std::uint64_t n, RunKey key) {
  Checkpoints checkpoints;
  std::vector<Transition> records(n);
  for (std::uint64_t i = 0; i < n; ++i)
    records[i] = {static_cast<Time>(i),        Kind::mark, 0, 0, static_cast<std::uint32_t>(i % 7 + 1), 0, 0,
                  static_cast<std::int64_t>(i)};
  checkpoints.consume(records);
  return make_token(std::move(key), checkpoints);
}

RunKey key_of(std::string scenario) {
  return {std::move(scenario),
          0x0123456789abcdef,
          3,
          "cooperative",
          0xffffffffffffffff,
          {{"params.procs", "1"}, {"/runtime/gomaxprocs", "8"}},
          ms(100),
          true};
}

void same(const Token& a, const Token& b) {
  BOOST_TEST(a.key.scenario == b.key.scenario);
  BOOST_TEST(a.key.scenario_hash == b.key.scenario_hash);
  BOOST_TEST(a.key.behaviour == b.key.behaviour);
  BOOST_TEST(a.key.policy == b.key.policy);
  BOOST_TEST(a.key.seed == b.key.seed);
  BOOST_TEST_REQUIRE(a.key.overrides.size() == b.key.overrides.size());
  for (std::size_t i = 0; i < a.key.overrides.size(); ++i) {
    BOOST_TEST(a.key.overrides[i].path == b.key.overrides[i].path);
    BOOST_TEST(a.key.overrides[i].value == b.key.overrides[i].value);
  }
  BOOST_TEST(a.key.schedtrace == b.key.schedtrace);
  BOOST_TEST(a.key.scheddetail == b.key.scheddetail);
  BOOST_TEST(a.records == b.records);
  BOOST_TEST(a.fingerprint == b.fingerprint);
  BOOST_TEST(a.checkpoints == b.checkpoints, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(token)

BOOST_AUTO_TEST_CASE(says_the_same_after_a_round_trip) {
  for (const std::uint64_t n : {0, 1, 511, 512, 513, 5000, 100'000}) {
    BOOST_TEST_CONTEXT(n << " transitions") {
      const Token written = token_of(n, key_of("tight-loop"));
      const TokenResult read = decode_token(encode(written));
      BOOST_TEST_REQUIRE(read.token.has_value(), read.error);
      same(written, *read.token);
    }
  }
}

BOOST_AUTO_TEST_CASE(any_bytes_survive_in_names) {
  std::string name;
  for (int c = 0; c < 256; ++c) name += static_cast<char>(c);
  const Token written = token_of(3000, key_of(name));
  const TokenResult read = decode_token(encode(written));
  BOOST_TEST_REQUIRE(read.token.has_value(), read.error);
  same(written, *read.token);
}

BOOST_AUTO_TEST_CASE(is_short_enough_for_a_chat_and_safe_in_a_url) {
  RunKey key{"timers-behind-busy-ps", 0x0123456789abcdef, 1, "starvation-mode", 7, {}, 0, false};
  const std::string text = encode(token_of(100'000, key));
  BOOST_TEST(text.size() <= 120u);
  BOOST_TEST(text.find_first_not_of(kAlphabet) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_truncation_at_any_length_is_noticed) {
  const std::string text = encode(token_of(20'000, key_of("tight-loop")));
  for (std::size_t n = 0; n < text.size(); ++n) {
    const TokenResult read = decode_token(text.substr(0, n));
    BOOST_TEST(!read.token.has_value(), "the first " << n << " characters pass for a token");
    BOOST_TEST(!read.error.empty());
  }
}

BOOST_AUTO_TEST_CASE(every_changed_character_is_noticed) {
  const std::string text = encode(token_of(20'000, key_of("tight-loop")));
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : kAlphabet) {
      if (c == text[i]) continue;
      std::string changed = text;
      changed[i] = c;
      if (decode_token(changed).token) BOOST_ERROR("character " << i << " may be " << c << " as well");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_lost_or_doubled_character_is_noticed) {
  const std::string text = encode(token_of(20'000, key_of("tight-loop")));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string lost = text;
    lost.erase(i, 1);
    std::string doubled = text;
    doubled.insert(i, 1, text[i]);
    if (lost != text) BOOST_TEST(!decode_token(lost).token.has_value());
    BOOST_TEST(!decode_token(doubled).token.has_value());
  }
}

BOOST_AUTO_TEST_CASE(what_a_chat_adds_around_it_does_no_harm) {
  const std::string text = encode(token_of(20'000, key_of("tight-loop")));
  BOOST_TEST(decode_token("  " + text + " \r\n").token.has_value());
}

BOOST_AUTO_TEST_CASE(any_text_is_answered) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    std::string text = seed % 3 == 0 ? "" : "g1-";
    const std::size_t length = random_bits(seed, 1, 0, 0) % 200;
    for (std::size_t i = 0; i < length; ++i) {
      const std::uint64_t bits = random_bits(seed, 2, 0, i);
      text += seed % 2 == 0 ? kAlphabet[bits % 64] : static_cast<char>(bits);
    }
    const TokenResult read = decode_token(text);
    BOOST_TEST(!read.token.has_value());
    BOOST_TEST(!read.error.empty());
  }
}

BOOST_AUTO_TEST_CASE(checkpoints_spread_over_the_run) {
  BOOST_TEST(checkpoints_of_token(Checkpoints::kEvery - 1).empty());
  BOOST_TEST(checkpoints_of_token(100'000).size() == Token::kCheckpoints);
  const auto at = checkpoints_of_token(100'000);
  for (std::size_t i = 0; i < at.size(); ++i) BOOST_TEST(at[i] % Checkpoints::kEvery == 0u);
  BOOST_TEST(at.back() > 85'000u);
}

BOOST_AUTO_TEST_CASE(checkpoints_of_a_long_run_are_bounded_and_those_of_its_length) {
  Checkpoints run;
  const std::uint64_t n = Checkpoints::kEvery * Checkpoints::kLimit * 5 + 77;
  std::vector<Transition> records(1 << 16);
  for (std::uint64_t done = 0; done < n;) {
    const std::uint64_t some = std::min<std::uint64_t>(records.size(), n - done);
    run.consume(std::span(records.data(), some));
    done += some;
  }
  BOOST_TEST(run.records() == n);
  BOOST_TEST(run.all().size() <= Checkpoints::kLimit);
  BOOST_TEST(run.distance() == Checkpoints::distance_after(n));
  for (std::size_t i = 0; i < run.all().size(); ++i) BOOST_TEST_REQUIRE(run.all()[i].count == (i + 1) * run.distance());
  BOOST_TEST(make_token({}, run).checkpoints.size() == Token::kCheckpoints);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace gmpsim
