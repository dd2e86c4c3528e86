# Sets $rankwise_python to the Python that ray itself runs under; fails where there is no ray.
rankwise_find_ray() {
  rankwise_ray=$(command -v ray) || {
    echo "rankwise: ray is not on the PATH of $(uname -n) after the setup lines: activate its environment there." >&2
    return 127
  }
  IFS= read -r rankwise_python 2>/dev/null <"$rankwise_ray"
  case $rankwise_python in
  '#!'*python*) rankwise_python=${rankwise_python#??} ;;
  *)
    rankwise_python=${rankwise_ray%/*}/python3
    [ -x "$rankwise_python" ] || rankwise_python=python3
    ;;
  esac
}
