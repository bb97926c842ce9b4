#include "engine/content_bytes.hpp"

#include <bit>
#include <string_view>

namespace fingers {

namespace {

void add_number(std::string& bytes, std::uint64_t number) {
  constexpr unsigned kByteBits = 8;
  for (unsigned shift = 0; shift < 64; shift += kByteBits) {
    bytes += static_cast<char>(static_cast<unsigned char>(number >> shift));
  }
}

void add_text(std::string& bytes, std::string_view text) {
  add_number(bytes, text.size());
  bytes += text;
}

void add_design(std::string& bytes, const Design& design) {
  add_number(bytes, design.factors.size());
  for (const Factor& factor : design.factors) {
    add_text(bytes, factor.pointer);
    add_text(bytes, factor.unit);
  }
  add_number(bytes, design.points.size());
  for (const DesignPoint& point : design.points) {
    add_text(bytes, point.name);
    add_text(bytes, point.setting);
    for (const double value : point.values) {
      add_number(bytes, std::bit_cast<std::uint64_t>(value));
    }
    if (has_blocks(design.kind)) {
      add_number(bytes, point.block.base_row);
      add_number(bytes, point.block.step);
      add_text(bytes, point.block.name);
    }
  }
  if (design.random_numbers != RandomNumbers::common) {
    add_text(bytes, kRandomNumbersNames[static_cast<std::size_t>(design.random_numbers)]);
  }
}

}  // namespace

std::string content_head(const ContentOrigin& origin, const Design& design) {
  std::string bytes;
  add_number(bytes, origin.results_version);
  add_text(bytes, origin.model_text);
  add_design(bytes, design);
  add_number(bytes, origin.seeds.design);
  add_number(bytes, origin.seeds.population);
  add_number(bytes, origin.seeds.dynamics);
  add_number(bytes, origin.n_runs);
  return bytes;
}

std::string content_of_run(std::uint32_t point, std::uint32_t replicate, RunStatus status,
                           std::uint64_t hash) {
  std::string bytes;
  add_number(bytes, point);
  add_number(bytes, replicate);
  add_number(bytes, static_cast<std::uint64_t>(status));
  add_number(bytes, hash);
  return bytes;
}

}  // namespace fingers
