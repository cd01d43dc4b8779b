"""How are batches made where the network runs? Images, masks and prompts on the device, for networks that outrun the processor.

    LabelledImage -> `canvases` (all images, uint8, on the device) -> `geometry` (where each sample lies) -> `sampling` (image, masks)
        -> `prompting` (boxes) and `colour` -> Batch (`batches`)

The variations are those of `augmentation` and `prompts`, and elastic deformation, bias fields and lower resolution besides. Runs on a
CPU too. Does not know the loop, the recipe or files.
"""
