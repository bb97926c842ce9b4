// Tested by tests/engine/contracts_throw_test.cpp.
#include "engine/contracts_throw.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "engine/contract.hpp"

namespace fingers {

namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): of each thread its own
thread_local int guards = 0;

void respond(const char* expression, const char* file, int line) {
  if (guards > 0) {
    throw std::logic_error(fmt::format("contract broken: {} ({}:{})", expression,
                                       std::filesystem::path(file).filename().string(), line));
  }
}

}  // namespace

ContractsThrow::ContractsThrow() {
  static const bool is_set = [] {
    set_contract_response(respond);
    return true;
  }();
  guards += is_set ? 1 : 0;
}

ContractsThrow::~ContractsThrow() { --guards; }

}  // namespace fingers
