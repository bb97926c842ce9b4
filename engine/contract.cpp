#include "engine/contract.hpp"

#include <cstdio>
#include <cstdlib>

namespace fingers {

void fail_contract(const char* expression, const char* file, int line) {
  static_cast<void>(std::fprintf(stderr, "%s:%d: contract broken: %s\n", file, line, expression));
  std::abort();
}

}  // namespace fingers
