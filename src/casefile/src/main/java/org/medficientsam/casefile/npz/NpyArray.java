package org.medficientsam.casefile.npz;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.Shape;

/**
 * An n-dimensional array of bool, integers or floats, in C order whatever the file had. Accessors that convert say what they
 * refuse; what they refuse is the caller's data, so it is an {@link InvalidCaseException} that names the array.
 */
public final class NpyArray {
    private final String name;
    private final DType dtype;
    private final int[] shape;
    private final byte[] bytes; // little-endian, C order

    private NpyArray(String name, DType dtype, int[] shape, byte[] bytes) {
        this.name = name;
        this.dtype = dtype;
        this.shape = shape;
        this.bytes = bytes;
    }

    /** Takes ownership of {@code data}, as it lies in the file. */
    static NpyArray decode(String name, NpyHeader header, byte[] data) {
        if (header.bigEndian()) Layout.swap(data, header.dtype().itemSize());
        byte[] ordered =
                header.fortranOrder() ? Layout.fromFortran(data, header.dtype().itemSize(), header.shape()) : data;
        return new NpyArray(name, header.dtype(), header.shape(), ordered);
    }

    /** uint8, copied. An empty shape makes a scalar, here and below. */
    public static NpyArray of(byte[] uint8, int... shape) {
        return new NpyArray("array", DType.UINT8, checked(shape, uint8.length), uint8.clone());
    }

    /** uint16, copied. */
    public static NpyArray of(short[] uint16, int... shape) {
        ByteBuffer buffer = allocate(uint16.length, 2);
        buffer.asShortBuffer().put(uint16);
        return new NpyArray("array", DType.UINT16, checked(shape, uint16.length), buffer.array());
    }

    /** int32, copied. */
    public static NpyArray of(int[] int32, int... shape) {
        ByteBuffer buffer = allocate(int32.length, 4);
        buffer.asIntBuffer().put(int32);
        return new NpyArray("array", DType.INT32, checked(shape, int32.length), buffer.array());
    }

    /** int64, copied. */
    public static NpyArray of(long[] int64, int... shape) {
        ByteBuffer buffer = allocate(int64.length, 8);
        buffer.asLongBuffer().put(int64);
        return new NpyArray("array", DType.INT64, checked(shape, int64.length), buffer.array());
    }

    /** float32, copied. */
    public static NpyArray of(float[] float32, int... shape) {
        ByteBuffer buffer = allocate(float32.length, 4);
        buffer.asFloatBuffer().put(float32);
        return new NpyArray("array", DType.FLOAT32, checked(shape, float32.length), buffer.array());
    }

    /** float64, copied. */
    public static NpyArray of(double[] float64, int... shape) {
        ByteBuffer buffer = allocate(float64.length, 8);
        buffer.asDoubleBuffer().put(float64);
        return new NpyArray("array", DType.FLOAT64, checked(shape, float64.length), buffer.array());
    }

    private static ByteBuffer allocate(int length, int itemSize) {
        return ByteBuffer.allocate(Math.multiplyExact(length, itemSize)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int[] checked(int[] shape, int length) {
        if (Arrays.stream(shape).anyMatch(axis -> axis < 0) || Shape.size(shape) != length)
            throw new IllegalArgumentException(
                    "shape %s must hold %d elements".formatted(Shape.toString(shape), length));
        return shape.clone();
    }

    /** Its element type. */
    public DType dtype() {
        return dtype;
    }

    /** Length of each axis, slowest first; empty for a scalar. A copy. */
    public int[] shape() {
        return shape.clone();
    }

    /** Number of elements. */
    public long size() {
        return bytes.length / dtype.itemSize();
    }

    /** Shape as Python prints it, for messages. */
    public String shapeText() {
        return Shape.toString(shape);
    }

    /** "name: dtype shape", no values. */
    @Override
    public String toString() {
        return name + ": " + dtype + " " + shapeText();
    }

    /**
     * The elements of a uint8 array, not a copy.
     *
     * @throws InvalidCaseException for another dtype
     */
    public byte[] uint8() {
        if (dtype != DType.UINT8) throw malformed(name, "uint8", dtype.toString());
        return bytes;
    }

    /**
     * Elements of bool or any integer type as uint16, as label maps hold them.
     *
     * @throws InvalidCaseException for floats, or an element outside 0..65535
     */
    public short[] toUint16() {
        short[] values = new short[count()];
        ByteBuffer buffer = integers();
        if (dtype == DType.UINT16) {
            buffer.asShortBuffer().get(values);
        } else if (dtype == DType.UINT8) {
            for (int i = 0; i < values.length; i++) values[i] = (short) (bytes[i] & 0xff);
        } else {
            for (int i = 0; i < values.length; i++) {
                long value = integer(buffer, i);
                if (value >>> 16 != 0) throw malformed(name, "integers in 0..65535", "one outside");
                values[i] = (short) value;
            }
        }
        return values;
    }

    /**
     * Elements of bool or any integer type.
     *
     * @throws InvalidCaseException for floats, or an element that does not fit
     */
    public int[] toInts() {
        int[] values = new int[count()];
        ByteBuffer buffer = integers();
        if (dtype == DType.INT32) {
            buffer.asIntBuffer().get(values);
        } else if (dtype == DType.UINT8) {
            for (int i = 0; i < values.length; i++) values[i] = bytes[i] & 0xff;
        } else {
            for (int i = 0; i < values.length; i++) {
                long value = integer(buffer, i);
                if ((int) value != value || isBeyondLong(value))
                    throw malformed(name, "integers that fit int32", "one that does not");
                values[i] = (int) value;
            }
        }
        return values;
    }

    /**
     * Elements of bool or any integer type.
     *
     * @throws InvalidCaseException for floats, or a uint64 above 2^63 - 1
     */
    public long[] toLongs() {
        long[] values = new long[count()];
        ByteBuffer buffer = integers();
        for (int i = 0; i < values.length; i++) {
            values[i] = integer(buffer, i);
            if (isBeyondLong(values[i])) throw malformed(name, "integers that fit int64", "one that does not");
        }
        return values;
    }

    /** Elements of any type; integers beyond 2^53 are rounded to the nearest double. */
    public double[] toDoubles() {
        double[] values = new double[count()];
        for (int i = 0; i < values.length; i++) values[i] = at(i);
        return values;
    }

    /** One element of any type, by its index in C order, as {@link #toDoubles} has it; for arrays too large to convert. */
    public double at(int index) {
        ByteBuffer buffer = buffer();
        return switch (dtype) {
            case FLOAT16 -> Layout.halfToDouble(buffer.getShort(2 * index));
            case FLOAT32 -> buffer.getFloat(4 * index);
            case FLOAT64 -> buffer.getDouble(8 * index);
            default -> {
                long value = integer(buffer, index);
                yield isBeyondLong(value) ? Layout.unsignedToDouble(value) : value;
            }
        };
    }

    /** A uint64 comes as its 64 bits. */
    private long integer(ByteBuffer buffer, int i) {
        return switch (dtype) {
            case BOOL, UINT8 -> buffer.get(i) & 0xff;
            case INT8 -> buffer.get(i);
            case UINT16 -> buffer.getShort(2 * i) & 0xffff;
            case INT16 -> buffer.getShort(2 * i);
            case UINT32 -> buffer.getInt(4 * i) & 0xffff_ffffL;
            case INT32 -> buffer.getInt(4 * i);
            case UINT64, INT64 -> buffer.getLong(8 * i);
            case FLOAT16, FLOAT32, FLOAT64 -> throw new IllegalStateException("not an integer type: " + dtype);
        };
    }

    /** Whether these bits of an integer are a uint64 of 2^63 or more. */
    private boolean isBeyondLong(long bits) {
        return bits < 0 && dtype == DType.UINT64;
    }

    private ByteBuffer integers() {
        if (dtype.isFloat()) throw malformed(name, "integers", dtype.toString());
        return buffer();
    }

    /** Little-endian, C order: what an npy file holds behind its header. */
    public byte[] bytes() {
        return bytes;
    }

    String name() {
        return name;
    }

    private int count() {
        return bytes.length / dtype.itemSize();
    }

    private ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
