"""Train on digits, then show for one test image which neurons answered, and how the classes voted."""

from spikesight.datasets.images import digits
from spikesight.recipes.diehl_cook_digits.recipe import model

images = digits()
network = model(seed=1).set_params(n=100, passes=2).fit(images.train, images.train_labels)

image, label = images.test[:1], images.test_labels[0]
for row in image.reshape(8, 8):
    print("".join(" .:*#"[level // 4] for level in row))

counts = network.transform(image)[0]
for neuron in counts.argsort()[::-1][:5]:
    stands_for = network.classes_[network.assignment_[neuron]]
    print(f"neuron {neuron:3d} fired {counts[neuron]} times; it stands for {stands_for}")
print("votes:", dict(zip(network.classes_.tolist(), network.votes(image)[0].round(2).tolist(), strict=True)))
print(f"this is a {label}; the network says {network.predict(image)[0]}")
