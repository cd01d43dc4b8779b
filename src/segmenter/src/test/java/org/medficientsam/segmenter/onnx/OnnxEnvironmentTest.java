package org.medficientsam.segmenter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxEnvironmentTest {
    /** Printed by the loader of musl 1.2.3 (Debian's package musl) for libonnxruntime.so, without and with glibc's libstdc++ at hand. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Error loading shared library libstdc++.so.6: No such file or directory (needed by libonnxruntime.so)",
                "Error relocating libstdc++.so.6: arc4random: symbol not found",
                "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by libonnxruntime.so)"
            })
    void whatMuslsLoaderSaysIsKnownForMusl(String message) {
        assertThat(OnnxEnvironment.isMusl(message)).isTrue();
    }

    /** Printed by the loader of glibc 2.36. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "libonnxruntime.so: cannot open shared object file: No such file or directory",
                "libonnxruntime.so: wrong ELF class: ELFCLASS32",
                "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.99' not found (required by libonnxruntime.so)"
            })
    void whatGlibcsLoaderSaysIsNot(String message) {
        assertThat(OnnxEnvironment.isMusl(message)).isFalse();
    }
}
