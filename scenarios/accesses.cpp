// What checks of memory order are told of shared variables: each access, by whom, in which way, at which operation.
//
// Names in expressions and `set` are atomic, `read` and `write` are plain. Nothing here runs unless a check asks for it
// (WorldOptions::happens_before).

#include "scenarios/interpreter.hpp"

namespace gmpsim {

bool Run::store_shared(const Target& t, Value v, Access how) {
  Value* const to = cell(t);
  if (to == nullptr) return false;
  *to = v;
  if (in.env.watched) [[unlikely]]
    in.accessed(static_cast<std::uint32_t>(to - in.shared.data()), how);
  return true;
}

void Interpreter::accessed(std::uint32_t cell, Access how) {
  if (run == nullptr) return;  // arguments of `start`: nobody else runs yet
  const std::uint32_t object = variable_objects_ + cell;
  // An atomic load learns from the store that it sees (the Go memory model, 2022).
  if (how == Access::atomic_read) run->world.sync(run->g, Sync::learn, object);
  run->world.accessed(run->g, how, object, place_labels_ + code->places[at->place].pointer);
  if (how == Access::atomic_write) run->world.sync(run->g, Sync::replace, object);
}

/// What records of accesses refer to: the shared variables as objects, the places of operations as labels.
void Interpreter::name_variables(World& w) {
  TraceInfo& info = w.info();
  variable_objects_ = static_cast<std::uint32_t>(info.objects.size()) + 1;
  for (const std::string& name : code->shared_names) info.objects.push_back({name, ObjectKind::variable});
  place_labels_ = static_cast<std::uint32_t>(info.labels.size());
  info.labels.insert(info.labels.end(), code->pointers.begin(), code->pointers.end());
  env.watched = true;
  watched = true;
}

}  // namespace gmpsim
