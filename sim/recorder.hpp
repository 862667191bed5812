#pragma once
// The recorder: every transition is written once, into a small buffer, and hashed and handed to the sinks a buffer at a
// time. The inner loop pays one 32-byte store and one compare a record; hashing runs over a hot cache line sequence.
//
// Rejected: a virtual call per record; hashing bytes of a struct through memory (padding); std::function sinks.
// Invariant: the fingerprint depends on the fields of all records in order and on nothing else.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/transition.hpp"

namespace gmpsim {

/// 128 bits that name a run: equal runs have equal fingerprints; unequal runs differ with all but certainty.
struct Fingerprint {
  std::uint64_t hi = 0;
  std::uint64_t lo = 0;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
  [[nodiscard]] std::string hex() const;        ///< 32 digits
  [[nodiscard]] std::string short_hex() const;  ///< the first 16 digits
};

/// Order-dependent hash over words, the same on every machine. Not for adversaries.
class Hasher {
 public:
  constexpr void word(std::uint64_t w) {
    a_ = fold(a_ ^ w, 0x9E3779B97F4A7C15ULL);
    b_ = fold(b_ + w, 0xD2B74407B1CE6E93ULL);
  }
  constexpr void add(const Transition& t) {
    const std::uint64_t w0 = static_cast<std::uint64_t>(t.at);
    const std::uint64_t w1 = static_cast<std::uint64_t>(t.kind) | static_cast<std::uint64_t>(t.why) << 8 |
                             static_cast<std::uint64_t>(t.p) << 16 | static_cast<std::uint64_t>(t.g) << 32;
    const std::uint64_t w2 = static_cast<std::uint64_t>(t.m) | static_cast<std::uint64_t>(t.a) << 32;
    const std::uint64_t w3 = static_cast<std::uint64_t>(t.value);
    const unsigned __int128 x = static_cast<unsigned __int128>(a_ ^ w0) * (w1 ^ 0xE7037ED1A0B428DBULL);
    const unsigned __int128 y = static_cast<unsigned __int128>(b_ ^ w2) * (w3 ^ 0x589965CC75374CC3ULL);
    const auto x_high = static_cast<std::uint64_t>(x >> 64);
    const auto y_high = static_cast<std::uint64_t>(y >> 64);
    a_ = (static_cast<std::uint64_t>(x) ^ y_high) + w1;  // the sums keep a zero factor from erasing what came before
    b_ = (static_cast<std::uint64_t>(y) ^ x_high) + w3 + a_;
    ++count_;
  }
  [[nodiscard]] constexpr Fingerprint value() const {
    const std::uint64_t x = fold(a_ ^ count_, 0xD6E8FEB86659FD93ULL);
    const std::uint64_t y = fold(b_ + x, 0xCA5A826395121157ULL);
    return {x ^ b_, y ^ a_};
  }
  [[nodiscard]] constexpr std::uint64_t count() const { return count_; }

 private:
  static constexpr std::uint64_t fold(std::uint64_t x, std::uint64_t y) {
    const unsigned __int128 p = static_cast<unsigned __int128>(x) * y;
    // Adding the operands keeps a zero factor from erasing the state.
    return (static_cast<std::uint64_t>(p) ^ static_cast<std::uint64_t>(p >> 64)) + x + (y << 1);
  }
  std::uint64_t a_ = 0x243F6A8885A308D3ULL;
  std::uint64_t b_ = 0x13198A2E03707344ULL;
  std::uint64_t count_ = 0;
};

/// Reads transitions as they are written, a buffer at a time, in order.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void consume(std::span<const Transition> records) = 0;
};

/// The state of the fingerprint after `count` records; taken at every buffer boundary.
struct Checkpoint {
  std::uint64_t count = 0;
  Time at = 0;
  std::uint64_t hash = 0;
};

class Recorder {
 public:
  static constexpr std::size_t kBuffer = 512;  // 16 KiB: stays in the first-level cache

  enum class Level : std::uint8_t { off, on };

  void set_level(Level level) { on_ = level == Level::on; }
  [[nodiscard]] bool on() const { return on_; }
  void add_sink(Sink& sink) { sinks_.push_back(&sink); }
  void keep_checkpoints(bool keep) { keep_checkpoints_ = keep; }

  void write(const Transition& t) {
    if (!on_) return;
    buffer_[used_] = t;
    if (++used_ == kBuffer) [[unlikely]]
      flush();
  }

  /// Hands everything written so far to the sinks. Call before reading results.
  void flush();

  [[nodiscard]] Fingerprint fingerprint() {
    flush();
    return hasher_.value();
  }
  [[nodiscard]] std::uint64_t count() const { return hasher_.count() + used_; }
  [[nodiscard]] const std::vector<Checkpoint>& checkpoints() const { return checkpoints_; }

 private:
  bool on_ = true;
  bool keep_checkpoints_ = false;
  std::size_t used_ = 0;
  Hasher hasher_;
  std::vector<Sink*> sinks_;
  std::vector<Checkpoint> checkpoints_;
  std::array<Transition, kBuffer> buffer_;
};

}  // namespace gmpsim
