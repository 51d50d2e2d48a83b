using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Shop.Catalogue;

/// <summary>Everything the shop sells.</summary>
internal static class Products
{
    public static ImmutableArray<Product> All { get; } =
    [
        new("monstera", "Swiss cheese plant", "Monstera deliciosa", 39.90m, Light.Bright,
            "Grows windows in its own leaves.",
            "In the rainforest every ray of light is spoken for, so the monstera cuts holes in its leaves and lets the "
            + "lower ones have some. At home it does the same, and takes over a corner with the best of manners.",
            "Water once a week. Wipe the leaves when you are on the phone.",
            new Review("Ines", 5, "It unrolled a new leaf on moving day. I took it as a compliment.")),
        new("snake-plant", "Snake plant", "Dracaena trifasciata", 24.50m, Light.Shade,
            "Forgives holidays.",
            "It stands upright, says nothing, and drinks about as often as you change the clocks. If every plant you "
            + "have met so far has left you, begin here.",
            "Water every third week, less in winter.",
            new Review("Tomasz", 5, "I forgot it for two months. It did not bring it up.")),
        new("cactus", "Little saguaro", "Carnegiea gigantea", 18.90m, Light.FullSun,
            "Looks like a film. Asks for nothing.",
            "A saguaro grows its first arm at about seventy. Ours arrive with two already, because waiting is a lot "
            + "to ask of a customer. In a good summer it flowers, always on the day you are away.",
            "Water once a month, and never on its head.",
            new Review("Maud", 4, "Handsome. Do not hug.")),
        new("pilea", "Pancake plant", "Pilea peperomioides", 16.50m, Light.Bright,
            "One today, five by Christmas.",
            "It left China in a missionary's luggage in 1945 and went round the whole of Europe as cuttings between "
            + "friends before a botanist ever noticed. It still makes a new one every few weeks: pass it on.",
            "Water when the top of the soil is dry. Turn it towards you on Sundays.",
            new Review("Jonas", 5, "My neighbours all have one now. All from mine.")),
        new("string-of-pearls", "String of pearls", "Curio rowleyanus", 21.00m, Light.Bright,
            "Jewellery for a bookshelf.",
            "Each pearl is a leaf rolled up to save water, with a small clear window to let the light in. Hang it high "
            + "and it comes down to meet you, a hand a season.",
            "Soak it every second week, then let it dry out.",
            new Review("Amélie", 4, "The cat is interested. I have moved it up twice.")),
        new("aloe", "Aloe", "Aloe vera", 12.90m, Light.FullSun,
            "First aid in a pot.",
            "Egyptians gave it to pharaohs, sailors to the sunburnt, and grandmothers to anyone standing near the "
            + "stove. It stores its own rain, and it will share.",
            "Water every third week. It likes a stony soil and a south window.",
            new Review("Karl", 5, "Saved my thumb in August.")),
        new("fern", "Boston fern", "Nephrolepis exaltata", 19.90m, Light.Shade,
            "Older than flowers, and just as pleased.",
            "Ferns were green before anybody thought of petals. This one was found in a crate on the way to Boston in "
            + "1894, a little wilder than the others, and has been admired for its hair ever since.",
            "Keep it damp. It would love your bathroom.",
            new Review("Sofia", 5, "It thinks our shower is a waterfall.")),
        new("peace-lily", "Peace lily", "Spathiphyllum wallisii", 27.50m, Light.Shade,
            "Tells you when it is thirsty.",
            "When it wants water it faints, visibly, like an opera singer; an hour after a drink it is back on its "
            + "feet. Nobody has ever misunderstood a peace lily.",
            "Water when it droops. It will droop.",
            new Review("Pieter", 4, "Dramatic. We get along.")),
    ];

    private static readonly FrozenDictionary<string, Product> BySlug =
        All.ToFrozenDictionary(product => product.Slug, StringComparer.Ordinal);

    public static Product? Find(string slug) => BySlug.GetValueOrDefault(slug);
}
