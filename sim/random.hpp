#pragma once
// Keyed random numbers: a draw is a pure function of (seed, stream, entity, how-manyeth draw).
//
// Stateless streams are what paired comparisons need: an operation added elsewhere, another order of construction or
// another policy moves no number of a stream that it does not use. The function is Philox2x64-10 (Salmon, Moraes, Dror,
// Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011), a counter-based generator with published known answers.
// Rejected: one stateful generator per entity (state to keep, and a draw more shifts all later ones); std::hash and
// std:: distributions (differ between libraries).

#include <cstdint>
#include <string_view>

namespace gmpsim {

struct Philox2x64 {
  std::uint64_t lo = 0;
  std::uint64_t hi = 0;
};

/// Philox2x64 with ten rounds: encrypts the counter (c0, c1) under `key`.
[[nodiscard]] constexpr Philox2x64 philox2x64_10(std::uint64_t c0, std::uint64_t c1, std::uint64_t key) {
  for (int round = 0; round < 10; ++round) {
    const unsigned __int128 product = static_cast<unsigned __int128>(0xD2B74407B1CE6E93ULL) * c0;
    const auto high = static_cast<std::uint64_t>(product >> 64);
    const auto low = static_cast<std::uint64_t>(product);
    c0 = high ^ key ^ c1;
    c1 = low;
    key += 0x9E3779B97F4A7C15ULL;
  }
  return {c0, c1};
}

/// Mixes two words into one (a SplitMix64 finaliser over their combination); used to name streams.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t a, std::uint64_t b) {
  std::uint64_t z = a + 0x9E3779B97F4A7C15ULL * (b + 1);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

/// Number of a stream from its name (FNV-1a, then mixed). The same on every machine.
[[nodiscard]] constexpr std::uint64_t stream_named(std::string_view name) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix64(h, name.size());
}

/// 64 random bits: draw number `count` of `entity` in `stream` under `seed`.
[[nodiscard]] constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t stream, std::uint64_t entity,
                                                  std::uint64_t count) {
  return philox2x64_10(entity, count, mix64(seed, stream)).lo;
}

/// A number in [0, n) from 64 random bits by multiply-shift (bias below n / 2^64). `n` >= 1.
[[nodiscard]] constexpr std::uint64_t bounded(std::uint64_t bits, std::uint64_t n) {
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits) * n) >> 64);
}

}  // namespace gmpsim
