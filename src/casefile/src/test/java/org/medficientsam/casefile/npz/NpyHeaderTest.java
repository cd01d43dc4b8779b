package org.medficientsam.casefile.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;

class NpyHeaderTest {
    private static NpyHeader parse(String text) {
        return NpyHeader.parse(text.getBytes(StandardCharsets.UTF_8), "imgs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3, 4), }   \n",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3, 4)}",
                "{\"shape\":(3,4,),\"descr\":\"<i4\",\"fortran_order\":False}",
                " { 'fortran_order' : False , 'descr' : '<i4' , 'shape' : ( 3 , 4 ) } ",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3L, 4L), }" // Python 2
            })
    void everySpellingOfTheDictIsRead(String text) {
        NpyHeader header = parse(text);
        assertThat(header.dtype()).isEqualTo(DType.INT32);
        assertThat(header.fortranOrder()).isFalse();
        assertThat(header.shape()).containsExactly(3, 4);
    }

    @ParameterizedTest
    @CsvSource({"|b1,BOOL", "<b1,BOOL", "|u1,UINT8", ">u1,UINT8", "|i1,INT8", ">u8,UINT64", "<f2,FLOAT16", ">f8,FLOAT64"
    })
    void dtypesAreRead(String descr, DType dtype) {
        NpyHeader header = parse("{'descr': '" + descr + "', 'fortran_order': True, 'shape': (), }");
        assertThat(header.dtype()).isEqualTo(dtype);
        assertThat(header.bigEndian()).isEqualTo(descr.startsWith(">"));
        assertThat(header.fortranOrder()).isTrue();
        assertThat(header.shape()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|O", "|O8", "<U3", "|S7", "<c8", "<M8[ns]", "<m8", "|V4", "<f16", "<i3", "|i4", "i4", "=i4", "<", "",
                "<<i4"
            })
    void otherDtypesAreRefused(String descr) {
        assertThatThrownBy(() -> parse("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (3, 4), }"))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessageStartingWith("imgs must be an array of bool, integers or floats, got ")
                .hasMessageMatching(".* (dtype .{1,9}|another dtype)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}",
                "None",
                "__import__('os').system('true')",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3, 4), }; print(1)",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3, 4), } {}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3, 4), 'more': 1}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3, 4), 'shape': (3, 4)}",
                "{'descr': '<i4', 'fortran_order': False}",
                "{'descr': '<i4' 'fortran_order': False, 'shape': (3, 4)}",
                "{,'descr': '<i4', 'fortran_order': False, 'shape': (3, 4)}",
                "{'descr': '<i4', 'fortran_order': False,, 'shape': (3, 4)}",
                "{'descr': '<i4, 'fortran_order': False, 'shape': (3, 4)}",
                "{'descr': '<i4', 'fortran_order': 0, 'shape': (3, 4)}",
                "{'descr': '<i4', 'fortran_order': Falsey, 'shape': (3, 4)}",
                "{'descr': '<i4', 'fortran_order': eval('False'), 'shape': (3, 4)}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': [3, 4]}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3)}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (,)}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3 4)}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3.0, 4)}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (0x3, 4)}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (064, 4)}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (1+2, 4)}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (-3, 4)}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (٣, 4)}",
                "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (3, 4)}",
                "{'descr': ('<i4', (2,)), 'fortran_order': False, 'shape': (3, 4)}",
                "{'descr': '<i4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)}"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        InvalidCaseException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED))
                .hasMessageMatching("imgs must be .+, got .+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(2147483647, 2147483647, 2147483647)",
                "(65536, 65536, 65536, 65536)",
                "(4294967296,)",
                "(99999999999999999999999,)",
                "(1073741825,)"
            })
    void shapesBeyondTheLimitAreTooLarge(String shape) {
        assertThatThrownBy(() -> parse("{'descr': '<i4', 'fortran_order': False, 'shape': " + shape + "}")
                        .dataBytes("imgs", Integer.MAX_VALUE))
                .isInstanceOfSatisfying(
                        InvalidCaseException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
    }
}
