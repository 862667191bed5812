// Keyed random numbers: the published known answers of Philox2x64-10, and what the simulator builds on them.

#include "sim/random.hpp"

#include <array>
#include <bit>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <vector>
#if __has_include(<Random123/philox.h>)
#include <Random123/philox.h>  // a second implementation, used where it happens to be installed
#endif

namespace gmpsim {
namespace {

BOOST_AUTO_TEST_SUITE(random_suite)

BOOST_AUTO_TEST_CASE(philox_gives_the_published_known_answers) {
  // Random123 1.14, tests/kat_vectors, the three rows "philox2x64 10": all zeros, all ones, digits of pi.
  struct Row {
    std::uint64_t c0, c1, key, lo, hi;
  };
  static constexpr Row rows[] = {
      {0, 0, 0, 0xca00a0459843d731ULL, 0x66c24222c9a845b5ULL},
      {~0ULL, ~0ULL, ~0ULL, 0x65b021d60cd8310fULL, 0x4d02f3222f86df20ULL},
      {0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL, 0xa4093822299f31d0ULL, 0x0a5e742c2997341cULL,
       0xb0f883d38000de5dULL},
  };
  for (const Row& row : rows) {
    const Philox2x64 got = philox2x64_10(row.c0, row.c1, row.key);
    BOOST_TEST(got.lo == row.lo);
    BOOST_TEST(got.hi == row.hi);
  }
}

#if __has_include(<Random123/philox.h>)
BOOST_AUTO_TEST_CASE(philox_agrees_with_random123) {
  std::uint64_t x = 1;
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t c0 = x = mix64(x, 1);
    const std::uint64_t c1 = x = mix64(x, 2);
    const std::uint64_t key = x = mix64(x, 3);
    const r123::Philox2x64::ctr_type theirs = r123::Philox2x64()({{c0, c1}}, {{key}});
    const Philox2x64 ours = philox2x64_10(c0, c1, key);
    BOOST_TEST_REQUIRE(ours.lo == theirs[0]);
    BOOST_TEST_REQUIRE(ours.hi == theirs[1]);
  }
}
#endif

BOOST_AUTO_TEST_CASE(a_draw_is_pinned_by_its_four_keys_and_each_of_them_matters) {
  constexpr std::uint64_t steal = stream_named("steal");
  constexpr std::uint64_t draw = random_bits(1, steal, 2, 3);
  BOOST_TEST(draw == 0xbbcf9994d2628629ULL);  // changes every recorded result: never without a note in the changelog
  BOOST_TEST(random_bits(2, steal, 2, 3) != draw);
  BOOST_TEST(random_bits(1, stream_named("select"), 2, 3) != draw);
  BOOST_TEST(random_bits(1, steal, 3, 3) != draw);
  BOOST_TEST(random_bits(1, steal, 2, 4) != draw);
}

BOOST_AUTO_TEST_CASE(names_of_streams_are_pinned_and_do_not_collide) {
  BOOST_TEST(stream_named("") == 0xc3817c016ba4ff30ULL);
  BOOST_TEST(stream_named("steal") == 0x199077d4e3ec0b37ULL);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 10'000; ++i) seen.insert(stream_named("stream/" + std::to_string(i)));
  BOOST_TEST(seen.size() == 10'000u);
}

BOOST_AUTO_TEST_CASE(a_bounded_number_reaches_every_value_about_equally_often) {
  for (const std::uint64_t n : {1ULL, 2ULL, 3ULL, 7ULL, 64ULL}) {
    std::vector<int> seen(n);
    for (std::uint64_t i = 0; i < 10'000 * n; ++i) ++seen.at(bounded(random_bits(11, 5, n, i), n));
    for (const int count : seen) BOOST_TEST(std::abs(count - 10'000) < 500);  // five standard deviations
  }
  BOOST_TEST(bounded(~0ULL, ~0ULL) == ~0ULL - 1);
}

BOOST_AUTO_TEST_CASE(each_bit_of_a_draw_is_balanced_and_flips_with_every_key_bit) {
  // Avalanche: changing one bit of one key flips each output bit half of the time (64 * 256 pairs, five sigma).
  std::array<int, 64> ones{};
  int flips = 0;
  for (std::uint64_t i = 0; i < 4'096; ++i) {
    const std::uint64_t bits = random_bits(3, i % 16, i / 16, i);
    for (std::size_t b = 0; b < 64; ++b) ones[b] += static_cast<int>(bits >> b & 1);
    flips += std::popcount(bits ^ random_bits(3 ^ (1ULL << i % 64), i % 16, i / 16, i));
  }
  for (const int count : ones) BOOST_TEST(std::abs(count - 2'048) < 160);
  BOOST_TEST(std::abs(flips - 4'096 * 32) < 5 * 256);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gmpsim
