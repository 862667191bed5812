// set: stores into shared variables, in one instant with the evaluation: an atomic operation. Names that are not shared
// on its left are variables of the goroutine, so that fetch-and-add is {"old": "x", "x": "x + 1"}.
#include "scenarios/ops/assign.hpp"

namespace gmpsim {
namespace {

const OpPart kSetValue{.key = "set", .form = OpForm::value, .doc = "a value"};

void compile_set(OpCompiler& c) {
  Instr i = c.step(exec_assign);
  std::size_t shared = 0;
  if (!compile_assign(c, "set", kSetValue, i, shared)) return;
  if (shared == 0)
    c.problem(c.op(), "E0508", "set stores into at least one shared variable",
              "use let for variables of the goroutine; shared ones are resources of type \"var\"");
  c.emit(i);
}

}  // namespace

void register_ops_set(Registry_ops& r) {
  r.add({.verb =
             {.key = "set",
              .form = OpForm::own,
              .doc = "shared variables and their new values, stored atomically",
              .schema =
                  R"({"type":"object","minProperties":1,"additionalProperties":{"$ref":"#/definitions/expression"}})"},
         .group = "data",
         .parts = {},
         .compile = compile_set});
}

}  // namespace gmpsim
