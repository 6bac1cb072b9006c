#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <string>

#include "claptools/families/towers.hpp"
#include "claptools/model/parameter_source.hpp"

namespace claptools {

/// The mel filters that a checkpoint holds under `name`, or those that follow from the
/// configuration. @return [n_fft/2 + 1, n_mels].
at::Tensor load_filters(const ParameterSource& parameters, const std::string& name,
                        const AudioConfig& config, const at::Device& device);

/// Floats that live at the same time while an HTSAT embeds one window: those of its first stage,
/// the largest, and of a front end in float32.
std::size_t htsat_floats(const AudioConfig& config);

}  // namespace claptools
