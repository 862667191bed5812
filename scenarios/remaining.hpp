#pragma once
// What a goroutine may still execute from where it stands: the operations ahead of it in its program, and the programs
// that these call, start or defer.
//
// A walk over the operations as they are written, not over instructions: the structure says what follows what, and an
// operation added later needs nothing here unless it changes the flow of control. Conditions are ignored: both sides of
// an `if`, every case of a `select`, zero and many passes of a loop. What stands behind a loop that has no way out, or
// behind `return`, is not ahead.

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scenarios/program.hpp"

namespace gmpsim {

/// What lies ahead of one place.
struct Ahead {
  std::vector<const Node*> ops;         ///< of this program: they read the variables of the running call
  std::vector<std::uint32_t> programs;  ///< called or started from there, directly
  std::vector<const Node*> inside;      ///< operations with a block that this place stands in
  bool returns = true;                  ///< the call may come to its end
};

/// The flow of control of all programs of a scenario.
class Remaining {
 public:
  explicit Remaining(const CompiledScenario& code);

  /// How far an operation is.
  enum class At : std::uint8_t {
    begin,   ///< not begun
    inside,  ///< begun, and about to go on (behind its block, say)
    end,     ///< over: only what follows counts (a call that is under way)
  };
  [[nodiscard]] Ahead from(const Node* op, At at) const;
  /// Is `op` a part of `outer`, or `outer` itself?
  [[nodiscard]] bool within(const Node* op, const Node* outer) const;
  /// A block that a `defer` has postponed.
  [[nodiscard]] Ahead deferred(const Node* defer) const;
  /// A whole program.
  [[nodiscard]] const Ahead& whole(std::uint32_t program) const { return whole_[program]; }

 private:
  struct Home {
    const Node* block = nullptr;   ///< the list that it stands in; null: no operation
    std::size_t position = 0;      ///< in that list
    const Node* parent = nullptr;  ///< the operation whose list that is; null: the program itself
  };
  struct Loop {
    const Node* op;
    bool left = false;  ///< a break leaves it
  };
  struct Walk;

  void settle(const Node& block, const Node* parent);
  void settle_inside(const Node& value, const Node& op, bool block);

  const CompiledScenario& code_;
  std::unordered_map<const Node*, Home> homes_;                   // never walked
  std::unordered_map<std::string_view, std::uint32_t> programs_;  // never walked
  std::vector<Ahead> whole_;
};

}  // namespace gmpsim
