package org.medficientsam.casefile.npz;

import java.util.Locale;

/** The element types that are read and written: NumPy's bool, integers and floats. Objects, strings, records and complex are refused. */
public enum DType {
    BOOL('b', 1),
    INT8('i', 1),
    INT16('i', 2),
    INT32('i', 4),
    INT64('i', 8),
    UINT8('u', 1),
    UINT16('u', 2),
    UINT32('u', 4),
    UINT64('u', 8),
    FLOAT16('f', 2),
    FLOAT32('f', 4),
    FLOAT64('f', 8);

    private final char kind;
    private final int itemSize;

    DType(char kind, int itemSize) {
        this.kind = kind;
        this.itemSize = itemSize;
    }

    /** Bytes per element. */
    public int itemSize() {
        return itemSize;
    }

    /** Signed or unsigned, but not bool. */
    public boolean isInteger() {
        return kind == 'i' || kind == 'u';
    }

    /** float16, float32 or float64. */
    public boolean isFloat() {
        return kind == 'f';
    }

    /** NumPy's name, such as {@code uint8}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As NumPy spells it on a little-endian machine: {@code |u1}, {@code <f4}. */
    String descr() {
        return (itemSize == 1 ? "|" : "<") + kind + itemSize;
    }
}
