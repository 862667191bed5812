#include "sim/check.hpp"

namespace gmpsim {

void check_failed(const char* condition, const char* why, const char* file, int line) {
  throw CheckFailure{std::string(file) + ":" + std::to_string(line) + ": " + why + " (" + condition + ")"};
}

}  // namespace gmpsim
