package org.medficientsam.imagefile.dicom;

/** The elements that are read, group and element as in DICOM PS3.6. */
final class Tag {
    static final int TRANSFER_SYNTAX = 0x0002_0010;
    static final int MODALITY = 0x0008_0060;
    static final int SLICE_THICKNESS = 0x0018_0050;
    static final int SPACING_BETWEEN_SLICES = 0x0018_0088;
    static final int IMAGER_PIXEL_SPACING = 0x0018_1164;
    static final int SERIES = 0x0020_000e;
    static final int INSTANCE_NUMBER = 0x0020_0013;
    static final int POSITION = 0x0020_0032;
    static final int ORIENTATION = 0x0020_0037;
    static final int PLANE_POSITIONS = 0x0020_9113;
    static final int PLANE_ORIENTATIONS = 0x0020_9116;
    static final int SAMPLES = 0x0028_0002;
    static final int PHOTOMETRIC = 0x0028_0004;
    static final int PLANAR = 0x0028_0006;
    static final int FRAMES = 0x0028_0008;
    static final int ROWS = 0x0028_0010;
    static final int COLUMNS = 0x0028_0011;
    static final int PIXEL_SPACING = 0x0028_0030;
    static final int BITS_ALLOCATED = 0x0028_0100;
    static final int BITS_STORED = 0x0028_0101;
    static final int HIGH_BIT = 0x0028_0102;
    static final int REPRESENTATION = 0x0028_0103;
    static final int WINDOW_CENTRE = 0x0028_1050;
    static final int WINDOW_WIDTH = 0x0028_1051;
    static final int INTERCEPT = 0x0028_1052;
    static final int SLOPE = 0x0028_1053;
    static final int PALETTE_DESCRIPTOR = 0x0028_1101; // red; green and blue follow
    static final int PALETTE_DATA = 0x0028_1201; // red; green and blue follow
    static final int MODALITY_LUTS = 0x0028_3000;
    static final int PIXEL_MEASURES = 0x0028_9110;
    static final int FRAME_VOI_LUTS = 0x0028_9132;
    static final int VALUE_TRANSFORMATIONS = 0x0028_9145;
    static final int SEGMENTS = 0x0062_0002;
    static final int FRAME_OFFSETS = 0x3004_000c;
    static final int SHARED_GROUPS = 0x5200_9229;
    static final int PER_FRAME_GROUPS = 0x5200_9230;
    static final int FLOAT_PIXELS = 0x7fe0_0008;
    static final int DOUBLE_PIXELS = 0x7fe0_0009;
    static final int PIXELS = 0x7fe0_0010;

    static final int ITEM = 0xfffe_e000;
    static final int ITEM_END = 0xfffe_e00d;
    static final int SEQUENCE_END = 0xfffe_e0dd;

    private Tag() {}
}
