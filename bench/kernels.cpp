// How fast the kernels of engine/lanes.hpp are, one thread, each set of instructions that is here:
//
//   bench_kernels [--benchmark_filter=REGEX] [--benchmark_min_time=0.2]
//
// Numbers a second are elements a second; bytes are of random words made.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "engine/arithmetic.hpp"
#include "engine/lanes.hpp"
#include "engine/random.hpp"

namespace fingers {
namespace {

constexpr std::uint32_t kMany = 1024;

LaneAddress some_address() { return lane_address(make_key(7, StreamKind::dynamics, 0), 3, 1, 2); }

void count_elements(benchmark::State& state, std::uint32_t each) {
  state.SetItemsProcessed(state.iterations() * each);
}

void random_words(benchmark::State& state, const LaneKernels& kernels) {
  std::vector<std::uint32_t> words(std::size_t{4} * kMany);
  LaneAddress at = some_address();
  for (auto _ : state) {
    kernels.random_row(at, kMany, words.data());
    at.counter[0] += kMany;
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * kMany * 16);
}

void one_philox_block(benchmark::State& state) {
  const StreamKey key = make_key(7, StreamKind::dynamics, 0);
  Address at;
  for (auto _ : state) {
    benchmark::DoNotOptimize(random_block(key, at));
    ++at.identity;
  }
  state.SetBytesProcessed(state.iterations() * 16);
}

std::vector<double> uniforms() {
  std::vector<double> u(kMany);
  Stream stream(make_key(7, StreamKind::dynamics, 0), {});
  for (double& x : u) {
    x = 0x1p-53 + uniform(stream);
  }
  return u;
}

using Row = void (*)(double*, std::uint32_t);

/// A row function on uniforms, the copy of them taken as part of the work.
template <class Function>
void row(benchmark::State& state, Function function) {
  const std::vector<double> u = uniforms();
  std::vector<double> x = u;
  for (auto _ : state) {
    std::ranges::copy(u, x.begin());
    function(x.data(), kMany);
    benchmark::ClobberMemory();
  }
  count_elements(state, kMany);
}

void one_by_one(benchmark::State& state, double (*function)(double)) {
  const std::vector<double> u = uniforms();
  std::vector<double> x = u;
  for (auto _ : state) {
    for (std::uint32_t i = 0; i < kMany; ++i) {
      x[i] = function(u[i]);
    }
    benchmark::ClobberMemory();
  }
  count_elements(state, kMany);
}

void gaps(benchmark::State& state, const LaneKernels& kernels) {
  const auto out = std::make_unique<GapRow>();
  LaneAddress at = some_address();
  for (auto _ : state) {
    kernels.draw_gaps(at, kGapRow, 100, out.get());
    at.counter[0] += kGapRow;
    benchmark::ClobberMemory();
  }
  count_elements(state, kGapRow);
}

void single_exp(benchmark::State& state, const LaneKernels& kernels) {
  std::vector<float> x(kMany, 0.5F);
  for (auto _ : state) {
    std::ranges::fill(x, 0.5F);
    kernels.exp_row_single(x.data(), kMany);
    benchmark::ClobberMemory();
  }
  count_elements(state, kMany);
}

void single_normal(benchmark::State& state, const LaneKernels& kernels) {
  std::vector<std::uint32_t> words(std::size_t{4} * kMany);
  kernels.random_row(some_address(), kMany, words.data());
  std::vector<float> z(kMany);
  for (auto _ : state) {
    kernels.normal_row_single(words.data(), kMany, z.data());
    benchmark::ClobberMemory();
  }
  count_elements(state, kMany);
}

void lanes(benchmark::State& state, const LaneKernels& kernels) {
  const auto tile = std::make_unique<LaneTile>();
  const std::vector<float> rate(kLaneTile, 0.01F);
  LaneAddress at = some_address();
  for (auto _ : state) {
    kernels.compare_lanes(at, rate.data(), kLaneTile, 0.9F, tile.get());
    at.counter[0] += kLaneTile / 16;
    benchmark::ClobberMemory();
  }
  count_elements(state, kLaneTile);
}

void register_all() {
  benchmark::RegisterBenchmark("one Philox block", one_philox_block);
  benchmark::RegisterBenchmark("exp, one by one", one_by_one, portable_exp);
  benchmark::RegisterBenchmark("log, one by one", one_by_one, portable_log);
  benchmark::RegisterBenchmark("log1p, one by one", one_by_one, portable_log1p);
  benchmark::RegisterBenchmark("pow, one by one", one_by_one,
                               [](double x) { return portable_pow(x, 0.7); });
  benchmark::RegisterBenchmark("normal quantile, one by one", one_by_one, portable_normal_quantile);
  for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
    if (!has_instructions(set)) {
      continue;
    }
    const LaneKernels& k = lane_kernels(set);
    const std::string name = std::string(", ") + k.name;
    const auto with = [&name](const char* what) { return (what + name); };
    benchmark::RegisterBenchmark(with("Threefry words").c_str(),
                                 [&k](benchmark::State& s) { random_words(s, k); });
    benchmark::RegisterBenchmark(with("exp").c_str(), row<Row>, k.exp_row);
    benchmark::RegisterBenchmark(with("log").c_str(), row<Row>, k.log_row);
    benchmark::RegisterBenchmark(with("log1p").c_str(), row<Row>, k.log1p_row);
    benchmark::RegisterBenchmark(with("pow").c_str(), [&k](benchmark::State& s) {
      row(s, [&k](double* x, std::uint32_t n) { k.pow_row(x, n, 0.7); });
    });
    benchmark::RegisterBenchmark(with("exp, single precision").c_str(),
                                 [&k](benchmark::State& s) { single_exp(s, k); });
    benchmark::RegisterBenchmark(with("normal, single precision").c_str(),
                                 [&k](benchmark::State& s) { single_normal(s, k); });
    benchmark::RegisterBenchmark(with("geometric gaps").c_str(),
                                 [&k](benchmark::State& s) { gaps(s, k); });
    benchmark::RegisterBenchmark(with("dense lanes").c_str(),
                                 [&k](benchmark::State& s) { lanes(s, k); });
  }
}

}  // namespace
}  // namespace fingers

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  fingers::register_all();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
