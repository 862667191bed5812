#pragma once
// A token: one word that is enough, beside the scenario, to see a run again; short enough to paste into a chat.
//
// It holds which scenario (name or path, and a hash of what it means), the model's behaviour number, policy, seed,
// overrides, how many transitions there were, and what came out: 64 bits of the fingerprint and a dozen checkpoints of
// 16 bits along the way, so that a replay that departs says between which transitions. Bytes are written as base64url
// (letters, digits, '-' and '_': survives URLs, shells and chats) behind the prefix "g1-"; a checksum of 32 bits ends
// them.
//
// Rejected: the choices themselves (far too long; a seed has them all; a schedule file keeps them); plain text with
// separators (names would need escaping, and one lost character would go unnoticed).
// Invariants: `decode` accepts any text and answers a token or what is wrong; every single changed character and every
// truncation is noticed (CRC-32 notices all bursts of up to 32 bits); decode(encode(t)) == t.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/overrides.hpp"
#include "sim/time.hpp"
#include "tools/checkpoints.hpp"

namespace gmpsim {

/// What has to be the same for a run to be the same.
struct RunKey {
  std::string scenario;  ///< name in the catalogue, or path
  std::uint64_t scenario_hash = 0;
  std::uint32_t behaviour = 0;
  std::string policy;
  std::uint64_t seed = 1;
  std::vector<Override> overrides;
  Duration schedtrace = 0;  ///< printing the trace keeps the monitor awake, so it is part of the run (as in Go)
  bool scheddetail = false;
};

struct Token {
  static constexpr std::size_t kCheckpoints = 10;
  RunKey key;
  std::uint64_t records = 0;
  std::uint64_t fingerprint = 0;           ///< its first half
  std::vector<std::uint16_t> checkpoints;  ///< at checkpoints_of_token(records)
};

/// After how many transitions the checkpoints of a run of this length stand, ascending.
[[nodiscard]] std::vector<std::uint64_t> checkpoints_of_token(std::uint64_t records);

[[nodiscard]] Token make_token(RunKey key, const Checkpoints& run);

[[nodiscard]] std::string encode(const Token& token);

struct TokenResult {
  std::optional<Token> token;
  std::string error;  ///< for people: "the token is not complete: it ends after 57 characters"
};
[[nodiscard]] TokenResult decode_token(std::string_view text);

/// Does it look like a token (and not like a file)?
[[nodiscard]] bool looks_like_token(std::string_view text);

}  // namespace gmpsim
