// Which copy of engine/lanes.cpp runs. The copies differ in nothing but their instructions.
#include "engine/contract.hpp"
#include "engine/lanes.hpp"

namespace fingers {

namespace lanes_baseline {
const LaneKernels& kernels();
}
#ifdef FINGERS_VECTOR_COPIES
namespace lanes_avx2 {
const LaneKernels& kernels();
}
namespace lanes_avx512 {
const LaneKernels& kernels();
}
#endif

bool has_instructions(InstructionSet set) {
#ifdef FINGERS_VECTOR_COPIES
  const auto has_avx2 = [] {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
  };
  const auto has_avx512 = [] {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
  };
  switch (set) {
    case InstructionSet::baseline:
      return true;
    case InstructionSet::avx2:
      return has_avx2();
    case InstructionSet::avx512:
      return has_avx2() && has_avx512();
  }
#endif
  return set == InstructionSet::baseline;
}

const LaneKernels& lane_kernels(InstructionSet set) {
  EXPECT_CONTRACT(has_instructions(set));
#ifdef FINGERS_VECTOR_COPIES
  if (set == InstructionSet::avx512) {
    return lanes_avx512::kernels();
  }
  if (set == InstructionSet::avx2) {
    return lanes_avx2::kernels();
  }
#endif
  return lanes_baseline::kernels();
}

const LaneKernels& lane_kernels() {
  static const LaneKernels& widest =
      lane_kernels(has_instructions(InstructionSet::avx512)
                       ? InstructionSet::avx512
                       : (has_instructions(InstructionSet::avx2) ? InstructionSet::avx2
                                                                 : InstructionSet::baseline));
  return widest;
}

}  // namespace fingers
