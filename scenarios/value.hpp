#pragma once
// What a variable of a scenario's program holds: an integer, or a reference to something that lives in the world.
//
// `nil`, `false` and 0 are one value, so a reference that is absent is the integer 0 and no kind is needed for it.
// Rejected: a variant (24 bytes and a visitor), numbered references (a table look-up for each operation). The bits of a
// reference are an address inside one world: they are compared for equality and never ordered, hashed or printed.

#include <cstdint>

namespace gmpsim {

enum class ValueKind : std::uint8_t {
  integer,
  chan,
  mutex,
  rwmutex,
  wait_group,
  cond,
  once,
  semaphore,
  timer,  ///< a timer or ticker: to receive from, stop and reset
  context,
  pool,
  device,   ///< a socket or file
  library,  ///< a cgo_lib
  runtime_mutex,
  tuple,    ///< several values on their way through a channel; no variable ever holds one
};

struct Value {
  std::int64_t bits = 0;
  ValueKind kind = ValueKind::integer;

  constexpr Value() = default;
  constexpr explicit Value(std::int64_t integer) : bits(integer) {}
  constexpr Value(ValueKind k, std::int64_t b) : bits(b), kind(k) {}

  template <class T>
  [[nodiscard]] static Value reference(ValueKind kind, T* object) {
    return {kind, static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(object))};
  }
  template <class T>
  [[nodiscard]] T* object() const {
    return reinterpret_cast<T*>(static_cast<std::uintptr_t>(bits));
  }

  [[nodiscard]] constexpr bool is_integer() const { return kind == ValueKind::integer; }
  [[nodiscard]] constexpr bool is_nil() const { return is_integer() && bits == 0; }
  friend constexpr bool operator==(const Value&, const Value&) = default;
};
static_assert(sizeof(Value) == 16);

/// "an integer", "a channel", …: for messages.
[[nodiscard]] const char* name_of(ValueKind kind);

}  // namespace gmpsim
